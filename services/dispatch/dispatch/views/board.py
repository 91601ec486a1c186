"""What somebody may have to look at now, held in memory: the cases that are open or in which
something waits, and those that were reported or closed in the last day.

Every list of open cases, every desk and every figure is of these. A district has some thousands
of them, among a hundred thousand that are over.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from pydantic import ValidationError

from case_contracts.values import Party, PartyKind
from dispatch.domain import looked_up
from dispatch.domain.state import CaseState
from dispatch.views.listed import Listed, listed
from service_kit import clock
from service_kit.mongo import Document
from service_kit.runtime import Runtime
from service_kit.store.in_memory import InMemory

log = structlog.get_logger()
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Entry:
    """A case as lists show it, and by what they choose it. ``row`` is what ``Sees`` looks at;
    ``path`` are its grids, from the top; ``words`` say of whom it needs attention; ``due`` is
    when its limit ends, infinite without one; ``department`` or ``person`` handles it, or did
    last."""

    listed: Listed
    row: Document
    path: tuple[str, ...]
    words: frozenset[str]
    due: float
    is_open: bool
    department: str | None
    person: str | None


class Board(InMemory[Entry]):
    """The entries of a district."""

    def __init__(self) -> None:
        super().__init__("case", lambda: found_by(clock.now()), read)


async def keep(runtime: Runtime) -> None:
    """The loop that keeps a service's board."""
    await board_of(runtime).keep(runtime.database)


async def entries(runtime: Runtime) -> list[Entry]:
    """What stands on the board now."""
    return await board_of(runtime).now(runtime.database)


def board_of(runtime: Runtime) -> Board:
    found: Board = runtime.extras["board"]
    return found


def found_by(now: datetime) -> Document:
    """Of those over, the ones reported or closed on the two days that the last 24 hours lie on."""
    days = [looked_up.day_of(now), looked_up.day_of(now - DAY)]
    over = [word(day) for day in days for word in (looked_up.closed_on, looked_up.voided_of)]
    return {"by": {"$in": [looked_up.STANDING, *over]}}


def read(row: Document) -> Entry | None:
    """None for a case that is not of the board; a row that cannot be read is left out, and said."""
    try:
        return entry(CaseState.model_validate(row["state"]))
    except ValidationError:
        log.error("view_unreadable", case=row["_id"], help="civicgrid rebuild dispatch")
        return None


def entry(state: CaseState) -> Entry | None:
    if not looked_up.stands(state) and not _is_recent(state, clock.now()):
        return None
    handler = state.task.handler if state.task else None
    return Entry(
        listed=listed(state),
        row={"state": {"about": state.about and state.about.model_dump(mode="json")}},
        path=(*state.grid_path, state.grid),
        words=frozenset(looked_up.attention(state)),
        due=math.inf if state.due_at is None else state.due_at.timestamp(),
        is_open=state.is_open,
        department=department_of(handler),
        person=handler.person if handler else None,
    )


def department_of(handler: Party | None) -> str | None:
    return handler.id if handler and handler.kind == PartyKind.DEPARTMENT else None


def _is_recent(state: CaseState, now: datetime) -> bool:
    times = (state.reported_at, state.closed_at)
    return state.reported_at is not None and any(at and at > now - DAY for at in times)
