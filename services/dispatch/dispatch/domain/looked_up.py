"""By what a case is looked up.

In the store by the words in the one index ``by`` of its view. Lists of cases that are over are read
by day, newest first: a word names what the case belongs to, whether it is open or over, and the day
on which it was reported. That day never changes, so that pages are stable.

What is open, or waits for somebody, is held in memory (``views/board.py``): desks are found there
by the words of ``attention``, which the store need not know.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from case_contracts.values import Party, PartyKind
from dispatch.domain.state import CaseState, Status
from dispatch.domain.waits import waits

EPOCH = date(1970, 1, 1)
ENDED = (Status.CLOSED, Status.VOIDED)
STANDING = "standing"
"""The word of what is open, or in which something waits."""
MOST_DAYS_AT_A_TIME = 32


class Share(StrEnum):
    """Which half of the cases a word is of."""

    OPEN = "open"
    OVER = "over"


def in_grid(grid: str) -> str:
    """Cases in the subtree of a grid."""
    return f"grid:{grid}"


def of_department(department: str) -> str:
    """Cases that the department handles, or handled last."""
    return f"department:{department}"


def of_person(person: str) -> str:
    """Cases that a post-holder handles, or handled last."""
    return f"person:{person}"


def on_day(scope: str, share: Share, day: int) -> str:
    return f"{scope}|{share}|{day}"


def late_in(grid: str) -> str:
    """Open cases in the subtree whose handler is late."""
    return f"late:{grid}"


def come_up_to(grid: str) -> str:
    """Open cases that have gone up to this grid."""
    return f"up:{grid}"


def at_desk(desk: str) -> str:
    """Cases of which something waits at the desk."""
    return f"desk:{desk}"


def closed_on(day: int) -> str:
    """Cases that were closed on this day."""
    return f"closed:{day}"


def voided_of(day: int) -> str:
    """Cases that were reported on this day and have ended void."""
    return f"voided:{day}"


def day_of(at: datetime) -> int:
    """Days since 1970 in UTC."""
    return (at.date() - EPOCH).days


def words(state: CaseState) -> list[str]:
    """All words of its view; none while it has not arrived."""
    if state.reported_at is None:
        return []
    share = Share.OPEN if state.is_open else Share.OVER
    day = day_of(state.reported_at)
    scopes = [*map(in_grid, state.grids), *_handler(state.task.handler if state.task else None)]
    return [
        *(on_day(scope, share, day) for scope in scopes),
        *([STANDING] if stands(state) else ()),
        *_ended(state),
    ]


def stands(state: CaseState) -> bool:
    """Whether it is open, or something waits in it for somebody."""
    return state.reported_at is not None and (state.is_open or bool(waits(state)))


def attention(state: CaseState) -> Iterator[str]:
    """Of whom it needs attention: late, come up, waiting at desks."""
    if state.is_open and state.task is not None and state.task.overdue:
        yield from map(late_in, state.grids)
    if state.is_open and state.watch is not None:
        yield come_up_to(state.watch.grid)
    yield from (at_desk(wait.desk) for wait in waits(state))


def _handler(party: Party | None) -> list[str]:
    if party is None:
        return []
    if party.kind == PartyKind.DEPARTMENT:
        return [of_department(party.id)]
    return [of_person(party.person)] if party.person else []


def _ended(state: CaseState) -> Iterator[str]:
    if state.status == Status.CLOSED and state.closed_at is not None:
        yield closed_on(day_of(state.closed_at))
    if state.status == Status.VOIDED and state.reported_at is not None:
        yield voided_of(day_of(state.reported_at))


def days_back(first: datetime, last: datetime) -> Iterator[list[int]]:
    """The days from ``last`` back to ``first``: one, then two, then four..."""
    day, end, size = day_of(last), day_of(first), 1
    while day >= end:
        yield list(range(day, max(day - size, end - 1), -1))
        day, size = day - size, min(2 * size, MOST_DAYS_AT_A_TIME)


def on_days(scope: str, shares: Iterable[Share], days: Sequence[int]) -> list[str]:
    """The words of these days."""
    return [on_day(scope, share, day) for share in shares for day in days]


def earliest(now: datetime, years: int = 10) -> datetime:
    """How far back lists go where no first day is given."""
    return now - timedelta(days=366 * years)
