"""Where the deadlines of a clock lie: from its ledger alone, under the case's pinned calendar."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Limit
from dispatch.domain.case_parts import Clock
from service_kit.worktime import Leg, Still, WorkCalendar, course, deadline, left_before


class Ends(NamedTuple):
    """``due_at``, ``near_at`` and ``twice_at`` of a clock; all None without a limit and while it
    is paused, the last two of other clocks than a handler's."""

    due_at: datetime | None = None
    near_at: datetime | None = None
    twice_at: datetime | None = None


def limits_of(clock: Clock) -> Sequence[Limit]:
    """The limit and what was added to it, in the order in which they are counted."""
    if clock.limit is None:
        return ()
    return (clock.limit, *(more.limit for more in clock.extensions))


def legs_of(clock: Clock, calendar: WorkCalendar) -> tuple[Leg, ...]:
    """How each of its limits is counted."""
    stills = [Still(pause.start, pause.end) for pause in clock.pauses]
    return course(clock.started_at, limits_of(clock), stills, calendar)


def ends_of(clock: Clock, calendar: WorkCalendar, near_share: float) -> Ends:
    """A handler's clock is near its end when no more than ``near_share`` of all the time that
    counts is left, and twice past it when the limit has passed once more after ``due_at``."""
    legs = legs_of(clock, calendar)
    due = legs[-1].end if legs else None
    if due is None or clock.limit is None:
        return Ends()
    if clock.kind != ClockKind.HANDLE:
        return Ends(due)
    return Ends(due, left_before(legs, near_share), deadline(due, clock.limit, calendar))
