"""A district's year in dispatch's view, as rows: 100,000 cases, of which some 2,000 are open.

The cases are played once each by the domain, then copied over grids, days and departments. Without
commits behind them and without timers: lists are read here, nothing is decided.
"""

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from case_contracts.values import Party, PartyKind
from dispatch.commands.aggregate import CaseAggregate
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.give_answer import GiveAnswer
from dispatch.commands.open_case import OpenCase
from dispatch.commands.tick import Tick
from dispatch.commands.verify import Verify
from dispatch.domain.case_parts import Pause
from dispatch.domain.state import CaseState
from service_kit.mongo import Database, Document
from service_kit.store.views import RANK
from tests.unit.dispatch.district import LITTER, Desk, filed

ROOT, STREETS, COMMUNITIES, UNITS = "d", 8, 10, 10
DEPARTMENTS = [f"dept-{n}" for n in range(20)]
CASES, DAYS, OPEN_FOR, LONG_OPEN = 100_000, 365, 6.0, 350
AT_ONCE = 500


def tree() -> dict[str, tuple[str, ...]]:
    """Every grid with its path from the top."""
    found: dict[str, tuple[str, ...]] = {ROOT: ()}
    for s in range(STREETS):
        found[street := f"s{s}"] = (ROOT,)
        for c in range(COMMUNITIES):
            found[community := f"{street}c{c}"] = (ROOT, street)
            found |= {f"{community}u{u}": (ROOT, street, community) for u in range(UNITS)}
    return found


def year(now: datetime, count: int = CASES) -> Iterator[Document]:
    """The rows, in no order; the same ones for the same ``now``."""
    draw, aggregate = random.Random(7), CaseAggregate()
    units = [(grid, path) for grid, path in tree().items() if len(path) == 3]
    waiting, late, checking, paused, closed = _played()
    for n in range(count):
        age = draw.random() * DAYS
        is_open = draw.random() < math.exp(-age / OPEN_FOR) + LONG_OPEN / CASES
        known = draw.choices([waiting, late, checking, paused], [60, 20, 15, 5])[0]
        state = known if is_open else closed
        grid, path = draw.choice(units)
        yield _row(aggregate, _moved(state, n, now - timedelta(days=age), grid, path, draw))


async def fill(database: Database, now: datetime, count: int = CASES) -> int:
    """Store the year; how many of its cases are open."""
    rows: list[Document] = []
    open_ones = 0
    for row in year(now, count):
        rows.append(row)
        open_ones += row["state"]["closed_at"] is None
        if len(rows) == AT_ONCE:
            await database["view_case"].insert_many(rows, ordered=False)
            rows = []
    if rows:
        await database["view_case"].insert_many(rows, ordered=False)
    return open_ones


def _row(aggregate: CaseAggregate, state: CaseState) -> Document:
    fields = {name: said for name, said in aggregate.fields(state).items() if name != "next_due"}
    return {
        "_id": state.case,
        "rank": aggregate.schema * RANK + 9,
        "schema": aggregate.schema,
        "version": 9,
        "sequence": 9,
        **fields,
        "state": state.model_dump(mode="json"),
    }


def _moved(
    state: CaseState, n: int, at: datetime, grid: str, path: tuple[str, ...], draw: random.Random
) -> CaseState:
    """The same case elsewhere, at another time, with another department."""
    assert state.task is not None
    handler = Party(kind=PartyKind.DEPARTMENT, id=draw.choice(DEPARTMENTS))
    ended = at + timedelta(hours=draw.uniform(2, 60)) if state.closed_at else None
    change: dict[str, Any] = {
        "case": f"case:{n:06}",
        "grid": grid,
        "grid_path": path,
        "reported_at": at,
        "due_at": at + timedelta(days=2),
        "closed_at": ended,
        "task": state.task.model_copy(update={"handler": handler}),
    }
    return state.model_copy(update=change)


def _played() -> tuple[CaseState, ...]:
    """One that waits for its handler, a late one, one to be checked, a paused one, a closed one."""
    waiting = _opened().state
    late = _opened()
    late.later(days=3)
    late.do(Tick(late.now))
    checking = _completed()
    closed = _completed()
    assert closed.state.verification is not None
    assert closed.state.verification.verifier is not None
    closed.do(Verify(str(closed.state.verification.verifier.person), True))
    closed.do(GiveAnswer("p-w1", "statement:1"))
    return waiting, late.state, checking.state, _paused(waiting), closed.state


def _opened() -> Desk:
    desk = Desk()
    desk.do(OpenCase(filed(matter=LITTER)))
    return desk


def _completed() -> Desk:
    desk = _opened()
    desk.later(hours=1)
    assert desk.state.task is not None
    desk.do(CompleteTask("p-w1", desk.state.task.id))
    return desk


def _paused(state: CaseState) -> CaseState:
    running = state.clocks[-1]
    pause = Pause(
        start=running.started_at, until=running.started_at + timedelta(days=9),
        reason="weather", by="p-lead",
    )  # fmt: skip
    return state.model_copy(
        update={"clocks": (*state.clocks[:-1], running.model_copy(update={"pauses": (pause,)}))}
    )
