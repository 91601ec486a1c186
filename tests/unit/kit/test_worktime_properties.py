"""Working time against a slow reference that walks the wall clock minute by minute."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events.registry import CalendarPublished
from case_contracts.values import Limit, LimitUnit
from service_kit.worktime import (
    Still,
    WorkCalendar,
    course,
    deadline,
    elapsed,
    explain,
    left_before,
    working_between,
)
from tests.unit.kit.worktime_reference import INSTANTS, MINUTE, Reference, Stood, published

WHOLE = {
    LimitUnit.HOURS: st.integers(1, 90 * 60).map(lambda minutes: minutes / 60),
    LimitUnit.WORKING_HOURS: st.integers(1, 30 * 60).map(lambda minutes: minutes / 60),
    LimitUnit.DAYS: st.integers(1, 5),
    LimitUnit.WORKING_DAYS: st.integers(1, 5),
}
"""Amounts of whole minutes or days, which the reference can count."""

LIMITS = st.sampled_from(LimitUnit).flatmap(
    lambda unit: WHOLE[unit].map(lambda amount: Limit(amount=amount, unit=unit))
)


def calendars() -> st.SearchStrategy[WorkCalendar]:
    return published().map(WorkCalendar.from_event)


@settings(max_examples=60, deadline=None)
@given(published(), INSTANTS, st.integers(0, 5 * 24 * 60))
def test_working_between_counts_what_the_reference_counts(
    calendar: CalendarPublished, start: datetime, minutes: int
) -> None:
    end = start + minutes * MINUTE
    found = working_between(start, end, WorkCalendar.from_event(calendar))
    assert found == Reference(calendar).minutes(start, end) * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars(), INSTANTS, st.integers(1, 40 * 60))
def test_the_segments_of_an_explanation_add_up_to_the_limit(
    calendar: WorkCalendar, start: datetime, minutes: int
) -> None:
    limit = Limit(amount=minutes / 60, unit=LimitUnit.WORKING_HOURS)
    counted = sum((segment.counted for segment in explain(start, limit, calendar)), timedelta(0))
    assert abs(counted - minutes * MINUTE) < timedelta(milliseconds=1)


@settings(max_examples=60, deadline=None)
@given(published(), INSTANTS, LIMITS)
def test_a_limit_ends_where_the_reference_ends(
    calendar: CalendarPublished, start: datetime, limit: Limit
) -> None:
    due = deadline(start, limit, WorkCalendar.from_event(calendar))
    assert abs(due - Reference(calendar).end(start, limit)) < timedelta(milliseconds=1)


@given(calendars(), INSTANTS, st.floats(0.1, 30), st.sampled_from(LimitUnit))
def test_elapsed_at_the_deadline_is_the_limit(
    calendar: WorkCalendar, start: datetime, amount: float, unit: LimitUnit
) -> None:
    due = deadline(start, Limit(amount=amount, unit=unit), calendar)
    spent = elapsed(start, due, unit, calendar)
    # Two days whose hours do not meet have no working time between the drawn-in times: there
    # a part of a day cannot be told from the whole one.
    assert abs(spent - amount) < 1e-3 or (unit is LimitUnit.WORKING_DAYS and spent == int(amount))


@st.composite
def pauses(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Minutes after the start, in order and apart from each other."""
    edges = sorted(draw(st.lists(st.integers(1, 6 * 24 * 60), max_size=6, unique=True)))
    return list(zip(edges[::2], edges[1::2], strict=False))


@settings(max_examples=60, deadline=None)
@given(published(), INSTANTS, st.lists(LIMITS, min_size=1, max_size=3), pauses(), st.booleans())
def test_limits_with_pauses_and_extensions_end_where_the_reference_ends(
    calendar: CalendarPublished,
    start: datetime,
    limits: list[Limit],
    pauses: list[tuple[int, int]],
    lasts: bool,
) -> None:
    stood = [Stood(start + a * MINUTE, start + b * MINUTE) for a, b in pauses]
    if stood and lasts:
        stood[-1] = Stood(stood[-1].start, None)
    stills = [Still(*each) for each in stood]
    legs = course(start, limits, stills, WorkCalendar.from_event(calendar))
    due = Reference(calendar).due(start, limits, stood)
    if due is None:
        assert legs[-1].end is None
    else:
        assert legs[-1].end is not None
        assert abs(legs[-1].end - due) < timedelta(milliseconds=1)


@given(calendars(), INSTANTS, st.lists(LIMITS, min_size=1, max_size=3), pauses())
def test_the_spans_of_a_course_add_up_to_what_its_limits_are_without_pauses(
    calendar: WorkCalendar, start: datetime, limits: list[Limit], pauses: list[tuple[int, int]]
) -> None:
    stills = [Still(start + a * MINUTE, start + b * MINUTE) for a, b in pauses]
    legs = course(start, limits, stills, calendar)
    (plain,) = course(start, limits[:1], [], calendar)
    assert legs[0].counted == plain.counted
    assert legs[0].end is not None
    assert plain.end is not None
    assert legs[0].end >= plain.end
    for still in stills:
        assert still.end is not None
        for span in (span for leg in legs for span in leg.spans):
            assert span.end <= still.start or span.start >= still.end


@given(
    calendars(), INSTANTS, st.lists(LIMITS, min_size=1, max_size=3), pauses(), st.floats(0.05, 0.9)
)
def test_near_the_end_is_where_that_share_of_the_counted_time_is_left(
    calendar: WorkCalendar,
    start: datetime,
    limits: list[Limit],
    pauses: list[tuple[int, int]],
    share: float,
) -> None:
    stills = [Still(start + a * MINUTE, start + b * MINUTE) for a, b in pauses]
    legs = course(start, limits, stills, calendar)
    near = left_before(legs, share)
    assert near is not None
    spans = [span for leg in legs for span in leg.spans]
    whole = sum((span.end - span.start for span in spans), timedelta())
    left = sum((span.end - max(near, span.start) for span in spans if span.end > near), timedelta())
    assert abs(left - share * whole) < timedelta(milliseconds=1)


@given(calendars(), INSTANTS, st.integers(1, 5000), st.floats(0.1, 20), st.sampled_from(LimitUnit))
def test_who_starts_later_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, later: int, amount: float, unit: LimitUnit
) -> None:
    limit = Limit(amount=amount, unit=unit)
    tolerance = timedelta(milliseconds=1)
    assert deadline(start, limit, calendar) <= (
        deadline(start + later * MINUTE, limit, calendar) + tolerance
    )
