"""Whether cases were finished in time, case by case."""

from collections import Counter
from collections.abc import Iterable

from assessment.domain.counted import Course

STANDINGS = ("on_time", "late", "without_limit", "open", "open_overdue")


def standing(course: Course, now: float) -> str:
    """One of STANDINGS. An open case whose limit has ended is overdue, not merely open."""
    if not course.closed:
        late = course.due is not None and course.due < now
        return "open_overdue" if late else "open"
    if course.on_time is None:
        return "without_limit"
    return "on_time" if course.on_time else "late"


def opened_between(cases: Iterable[Course], start: float, end: float) -> list[Course]:
    """The cases reported in ``[start, end)``, oldest first."""
    found = [c for c in cases if c.opened_at is not None and start <= c.opened_at < end]
    return sorted(found, key=lambda c: (c.opened_at or 0.0, c.case))


def counts(courses: Iterable[Course], now: float) -> dict[str, int]:
    found = Counter(standing(course, now) for course in courses)
    return {name: found[name] for name in STANDINGS}
