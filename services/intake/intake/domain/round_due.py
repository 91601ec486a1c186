"""Who is due next: visits done and missing for each target of a round, and in which order.

It says what is to be done, never how well somebody does: nothing here is added up by person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from case_contracts.events.intake import RoundKind, RoundPlanned, VisitKind
from intake.domain.round_periods import Period, expected, period_at, window_of
from service_kit.validity import END, START


@dataclass(frozen=True)
class Target:
    """A contact group or a grid that is to be visited, and by whom. ``since``: it exists."""

    id: str
    grid: str
    contacts: tuple[str, ...]
    since: datetime
    households: int | None = None


@dataclass(frozen=True)
class Visited:
    """A visit to a target, as far as rounds go."""

    target: str
    kind: VisitKind
    at: datetime


@dataclass(frozen=True)
class Standing:
    """How a target stands in a round: ``due_at`` is by when the next visit is to be made, with
    the period's visits spread evenly over it; None when all of them are made. ``last`` is the
    last visit of the period that counts."""

    round: str
    target: Target
    expected: int
    done: int
    due_at: datetime | None
    last: datetime | None
    period: Period

    @property
    def missing(self) -> int:
        return max(0, self.expected - self.done)

    def overdue(self, now: datetime) -> bool:
        return self.due_at is not None and self.due_at <= now


def fits(plan: RoundPlanned, kind: VisitKind) -> bool:
    """Any call is one for a routine round; a concentrated round counts concentrated visits."""
    return plan.kind is RoundKind.ROUTINE or kind is VisitKind.CONCENTRATED


def period_of(plan: RoundPlanned, at: datetime, zone: ZoneInfo) -> Period:
    return period_at(at, plan.per, zone)


def standing(
    plan: RoundPlanned, target: Target, visits: Iterable[Visited], period: Period
) -> Standing | None:
    """Where the target stands in the period; None where the plan asks for nothing in it.

    Each visit that fits counts once, whatever other rounds it also counts for.
    """
    window = window_of(plan, period, target.since)
    if window is None:
        return None
    counted = sorted(
        visit.at
        for visit in visits
        if visit.target == target.id
        and fits(plan, visit.kind)
        and window.start <= visit.at < window.end
    )
    due, done = expected(plan, period, window), len(counted)
    return Standing(
        round=plan.round,
        target=target,
        expected=due,
        done=done,
        due_at=window.start + window.length * (done + 1) / due if done < due else None,
        last=counted[-1] if counted else None,
        period=period,
    )


def by_urgency(standings: Iterable[Standing]) -> list[Standing]:
    """The most overdue first; then what has not been visited for longest; then by id."""
    return sorted(standings, key=_urgency)


def _urgency(each: Standing) -> tuple[datetime, datetime, str, str]:
    return each.due_at or END, each.last or START, each.target.id, each.round
