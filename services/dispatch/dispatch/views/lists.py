"""Lists of cases: by grid subtree, department or post-holder, in pages that are stable."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from case_contracts.values import Instant, Party, PartyKind
from dispatch.domain import looked_up
from dispatch.domain.looked_up import Share
from dispatch.domain.state import CaseState
from dispatch.domain.waits import waits
from dispatch.views.sight import Sees
from service_kit.matters import matches
from service_kit.mongo import Database, Document

MOST_AT_A_DESK = 2000
"""So many of what needs attention are read at most: a grid with more needs people, not pages."""


@dataclass(frozen=True)
class Wanted:
    """Which cases. ``scope`` is the word of ``looked_up`` that is read by, the rest is looked at
    in each; ``late``: only open ones whose handler is late."""

    scope: str
    shares: tuple[Share, ...]
    since: datetime
    until: datetime
    matters: tuple[str, ...] = ()
    grid: str | None = None
    department: str | None = None
    person: str | None = None
    statuses: tuple[str, ...] = ()
    late: bool = False


class WaitOut(BaseModel):
    """Something that waits: at which desk, what, and until when; ``ref`` is the slip or request."""

    desk: str
    what: str
    due_at: Instant | None
    ref: str | None = None


class Listed(BaseModel):
    """One case in a list. ``late``: its handler is; ``open_slips`` have no answer yet;
    ``escalated_to`` is the grid it went up to."""

    case: str
    status: str
    matter: str
    condition: str
    grid: str
    handler: Party | None
    reported_at: Instant
    due_at: Instant | None
    handle_by: Instant | None
    closed_at: Instant | None
    on_time: bool | None
    late: bool
    paused: bool
    open_slips: int
    reopened: int
    escalated_to: str | None
    waits: list[WaitOut]


Place = tuple[str, str]
"""Where a page ends: the time of the report and the case, newest first."""


async def page(
    database: Database, wanted: Wanted, sees: Sees, after: Place | None, limit: int
) -> tuple[list[Listed], Place | None]:
    """A page, and where it ends; None where there is no more."""
    found: list[Listed] = []
    async for row in _rows(database, wanted, after):
        if not sees(row) or not _fits(state := _state(row), wanted):
            continue
        if len(found) == limit:
            return found, place_of(found[-1])
        found.append(listed(state))
    return found, None


async def every(database: Database, wanted: Wanted, sees: Sees) -> AsyncIterator[Listed]:
    """All of them, newest first."""
    async for state in states(database, wanted, sees):
        yield listed(state)


async def states(database: Database, wanted: Wanted, sees: Sees) -> AsyncIterator[CaseState]:
    """All of them whole, newest first."""
    async for row in _rows(database, wanted, None):
        if sees(row) and _fits(state := _state(row), wanted):
            yield state


async def needing(database: Database, words: Sequence[str], sees: Sees) -> list[CaseState]:
    """Cases with one of these words, those due first; each once."""
    rows = database["view_case"].find({"by": {"$in": list(words)}}, {"state": 1})
    states = [_state(row) async for row in rows.limit(MOST_AT_A_DESK) if sees(row)]
    return sorted(states, key=lambda s: (str(s.due_at or "~"), s.case))


def place_of(case: Listed) -> Place:
    return case.reported_at.isoformat(), case.case


def listed(state: CaseState) -> Listed:
    assert state.reported_at is not None
    task = state.task
    return Listed(
        case=state.case,
        status=state.status.value,
        matter=state.matter,
        condition=state.condition,
        grid=state.grid,
        handler=task.handler if task else None,
        reported_at=state.reported_at,
        due_at=state.due_at,
        handle_by=task.due_at if task else None,
        closed_at=state.closed_at,
        on_time=state.on_time,
        late=bool(task and task.overdue and state.is_open),
        paused=any(c.pause for c in state.clocks if c.stopped_at is None),
        open_slips=sum(1 for s in state.slips if s.answered_at is None),
        reopened=state.reopened,
        escalated_to=state.watch.grid if state.watch and state.is_open else None,
        waits=[WaitOut(desk=w.desk, what=w.what, due_at=w.due_at, ref=w.ref) for w in waits(state)],
    )


async def _rows(database: Database, wanted: Wanted, after: Place | None) -> AsyncIterator[Document]:
    """Newest first, behind ``after``: some days at a time, few at first."""
    last = min(wanted.until, datetime.fromisoformat(after[0])) if after else wanted.until
    for days in looked_up.days_back(wanted.since, last):
        words = looked_up.on_days(wanted.scope, wanted.shares, days)
        rows = await database["view_case"].find({"by": {"$in": words}}, {"state": 1}).to_list(None)
        for row in sorted(rows, key=_place, reverse=True):
            if after is None or _place(row) < after:
                yield row


def _place(row: Document) -> Place:
    return datetime.fromisoformat(row["state"]["reported_at"]).isoformat(), row["_id"]


def _state(row: dict[str, Any]) -> CaseState:
    return CaseState.model_validate(row["state"])


def _fits(state: CaseState, wanted: Wanted) -> bool:
    assert state.reported_at is not None
    handler = state.task.handler if state.task else None
    late = bool(state.is_open and state.task and state.task.overdue)
    return (
        wanted.since <= state.reported_at < wanted.until
        and (not wanted.matters or matches(state.matter, wanted.matters))
        and wanted.grid in (None, *state.grids)
        and wanted.department in (None, _department(handler))
        and wanted.person in (None, handler.person if handler else None)
        and (not wanted.statuses or state.status.value in wanted.statuses)
        and (late or not wanted.late)
    )


def _department(handler: Party | None) -> str | None:
    return handler.id if handler and handler.kind == PartyKind.DEPARTMENT else None
