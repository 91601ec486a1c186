"""The words that formulas are written in: named questions about one counted thing."""

from collections.abc import Callable
from typing import Any

from assessment.domain.counted import Course, Moment, Stint
from assessment.domain.period import Period

Predicate = Callable[[Any, Period], bool]


def _stint_due(stint: Stint, period: Period) -> bool:
    """Its limit ended in the period, done or not, unless it was taken away before."""
    if stint.due is None or not period.has_ended(stint.due):
        return False
    return stint.over_at is None or stint.over_at >= stint.due


def _within_limit(stint: Stint, _: Period) -> bool:
    """Completed before its limit ended; a thing without a limit is never late."""
    if stint.completed_at is None:
        return False
    return stint.due is None or stint.completed_at <= stint.due


def _verified(stint: Stint, _: Period) -> bool:
    return stint.verified


def _assigned(stint: Stint, period: Period) -> bool:
    return period.holds(stint.at)


def _kept(stint: Stint, _: Period) -> bool:
    """Neither returned nor given to somebody else."""
    return stint.over_at is None


def _case_due(course: Course, period: Period) -> bool:
    return course.due is not None and period.has_ended(course.due)


def _case_opened(course: Course, period: Period) -> bool:
    return course.opened_at is not None and period.holds(course.opened_at)


def _found_first(course: Course, _: Period) -> bool:
    """Opened from patrol, before any resident's report."""
    return course.found_first


def _closed(course: Course, _: Period) -> bool:
    return course.closed


def _happened(moment: Moment, period: Period) -> bool:
    return period.holds(moment.at)


_MOMENT: dict[str, Predicate] = {"happened_in_period": _happened}

PREDICATES: dict[str, dict[str, Predicate]] = {
    "stints": {
        "due_in_period": _stint_due,
        "completed_within_limit": _within_limit,
        "verified": _verified,
        "assigned_in_period": _assigned,
        "kept": _kept,
    },
    "cases": {
        "due_in_period": _case_due,
        "closed": _closed,
        "opened_in_period": _case_opened,
        "found_first": _found_first,
    },
    "completions": _MOMENT,
    "failures": _MOMENT,
    "reopenings": _MOMENT,
}
"""By what is counted, then by name."""
