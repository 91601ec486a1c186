"""Deadlines by hand: each case is one that somebody can check with a calendar on the wall."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from case_contracts.events.registry import CalendarPublished
from case_contracts.values import DayException, Hours, Limit, LimitUnit, Text, Versioned
from service_kit.worktime import (
    WorkCalendar,
    WorktimeError,
    deadline,
    elapsed,
    explain,
    extend,
    working_between,
)

MORNING, AFTERNOON = Hours(start=time(8), end=time(12)), Hours(start=time(14), end=time(18))
MAKE_UP = Text(zh="春节调休", en="Make-up day for Spring Festival")
LANHE = WorkCalendar(
    Versioned(id="lanhe-work", version=3),
    "Asia/Shanghai",
    dict.fromkeys(range(1, 6), (MORNING, AFTERNOON)),
    (
        DayException(day=date(2026, 1, 1)),
        DayException(day=date(2026, 1, 2)),
        DayException(
            day=date(2026, 1, 4), hours=(Hours(start=time(9), end=time(13)),), name=MAKE_UP
        ),
    ),
)
NEW_YORK = WorkCalendar(
    Versioned(id="ny", version=1),
    "America/New_York",
    {day: (Hours(start=time(8, 30), end=time(17)),) for day in range(1, 6)},
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "+08:00")


def limit(amount: float, unit: str) -> Limit:
    return Limit(amount=amount, unit=LimitUnit(unit))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # Monday 5 January 2026 is an ordinary working day.
        ("2026-01-05T09:00", 2, "working_hours", "2026-01-05T11:00"),
        ("2026-01-05T11:00", 2, "working_hours", "2026-01-05T15:00"),
        ("2026-01-05T13:00", 2, "working_hours", "2026-01-05T16:00"),
        ("2026-01-05T08:00", 4, "working_hours", "2026-01-05T12:00"),
        ("2026-01-09T17:00", 2, "working_hours", "2026-01-12T09:00"),
        # New Year: 1 and 2 January off, Saturday off, Sunday the 4th is worked 9 to 13.
        ("2025-12-31T17:30", 1, "working_hours", "2026-01-04T09:30"),
        ("2025-12-31T10:00", 1, "working_days", "2026-01-04T10:00"),
        ("2025-12-31T15:00", 1, "working_days", "2026-01-04T13:00"),
        ("2025-12-31T08:10", 1, "working_days", "2026-01-04T09:00"),
        ("2025-12-31T15:00", 2, "working_days", "2026-01-05T15:00"),
        ("2026-01-04T12:30", 1, "working_days", "2026-01-05T12:00"),
        ("2026-01-10T03:00", 1, "working_days", "2026-01-13T08:00"),
        ("2026-01-05T18:00", 1, "working_days", "2026-01-07T08:00"),
        ("2026-01-05T09:00", 0.5, "working_days", "2026-01-05T15:00"),
        ("2026-01-10T03:00", 2.5, "hours", "2026-01-10T05:30"),
        ("2026-01-10T03:00", 3, "days", "2026-01-13T03:00"),
        ("2026-01-10T03:00", 1.5, "days", "2026-01-11T15:00"),
    ],
)
def test_deadline(start: str, amount: float, unit: str, due: str) -> None:
    wanted = limit(amount, unit)
    assert deadline(at(start), wanted, LANHE) == at(due)
    assert deadline(at(start), wanted, LANHE).tzinfo is UTC


def test_days_keep_the_time_of_day_when_clocks_change() -> None:
    saturday = datetime.fromisoformat("2015-03-07T10:00-05:00")
    assert deadline(saturday, limit(1, "days"), NEW_YORK) == saturday + timedelta(hours=23)
    assert deadline(saturday, limit(24, "hours"), NEW_YORK) == saturday + timedelta(hours=24)
    friday = datetime.fromisoformat("2015-03-06T10:00-05:00")
    monday = datetime.fromisoformat("2015-03-09T10:00-04:00")
    assert deadline(friday, limit(1, "working_days"), NEW_YORK) == monday


@pytest.mark.parametrize(
    ("amount", "unit", "due", "pause", "moved"),
    [
        # From Friday 17:00 to Monday 09:00 there are two working hours.
        (
            8,
            "working_hours",
            "2026-01-13T10:00",
            "2026-01-09T17:00/2026-01-12T09:00",
            "2026-01-13T12:00",
        ),
        (
            8,
            "working_hours",
            "2026-01-13T10:00",
            "2026-01-10T03:00/2026-01-11T23:00",
            "2026-01-13T10:00",
        ),
        (
            5,
            "working_days",
            "2026-01-16T10:00",
            "2026-01-09T16:00/2026-01-12T16:00",
            "2026-01-19T10:00",
        ),
        (
            5,
            "working_days",
            "2026-01-16T10:00",
            "2026-01-09T20:00/2026-01-12T20:00",
            "2026-01-19T10:00",
        ),
        (
            5,
            "working_days",
            "2026-01-16T10:00",
            "2026-01-12T08:00/2026-01-12T10:00",
            "2026-01-16T12:00",
        ),
        (
            5,
            "working_days",
            "2026-01-16T18:00",
            "2026-01-12T08:00/2026-01-13T08:00",
            "2026-01-19T18:00",
        ),
        (48, "hours", "2026-01-11T10:00", "2026-01-10T03:00/2026-01-10T08:30", "2026-01-11T15:30"),
        (9, "days", "2026-01-16T10:00", "2026-01-10T03:00/2026-01-12T04:00", "2026-01-18T11:00"),
        (9, "days", "2026-01-16T10:00", "2026-01-12T03:00/2026-01-11T04:00", "2026-01-16T10:00"),
    ],
)
def test_extend(amount: float, unit: str, due: str, pause: str, moved: str) -> None:
    begin, end = (at(part) for part in pause.split("/"))
    assert extend(at(due), begin, end, limit(amount, unit), LANHE) == at(moved)


def test_working_between_leaves_out_nights_and_breaks() -> None:
    assert working_between(at("2026-01-09T11:00"), at("2026-01-12T15:00"), LANHE) == timedelta(
        hours=10
    )
    assert working_between(at("2026-01-12T15:00"), at("2026-01-09T11:00"), LANHE) == timedelta(0)


def test_elapsed_counts_in_the_unit() -> None:
    begin, end = at("2026-01-09T16:00"), at("2026-01-13T10:00")
    assert elapsed(begin, end, LimitUnit.HOURS, LANHE) == 90
    assert elapsed(begin, end, LimitUnit.DAYS, LANHE) == 3.75
    assert elapsed(begin, end, LimitUnit.WORKING_HOURS, LANHE) == 12
    assert elapsed(begin, end, LimitUnit.WORKING_DAYS, LANHE) == 1.5


def test_explain_names_the_spans_that_were_counted() -> None:
    segments = explain(at("2025-12-31T17:00"), limit(6, "working_hours"), LANHE)
    assert [(s.start, s.counted) for s in segments] == [
        (at("2025-12-31T17:00"), timedelta(hours=1)),
        (at("2026-01-04T09:00"), timedelta(hours=4)),
        (at("2026-01-05T08:00"), timedelta(hours=1)),
    ]
    assert [s.name for s in segments] == [None, MAKE_UP, None]
    assert segments[1].day == date(2026, 1, 4)


def test_explain_continuous_time_is_one_segment() -> None:
    (segment,) = explain(at("2026-01-10T03:00"), limit(30, "hours"), LANHE)
    assert segment.counted == timedelta(hours=30)


def test_calendar_of_the_published_example() -> None:
    event = CalendarPublished.model_validate(CalendarPublished.EXAMPLE)
    calendar = WorkCalendar.from_event(event)
    assert calendar.version == Versioned(id="lanhe-work", version=1)
    assert not calendar.is_working_day(date(2026, 1, 6))
    assert calendar.first_working(at("2026-01-06T10:00")) == at("2026-01-12T08:00")


def test_work_until_midnight() -> None:
    always = WorkCalendar(
        Versioned(id="always", version=1),
        "America/New_York",
        {day: (Hours(start=time(0), end=time(0)),) for day in range(1, 8)},
    )
    start = datetime.fromisoformat("2015-03-07T10:00-05:00")
    assert deadline(start, limit(30, "working_hours"), always) == start + timedelta(hours=30)


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        ((Hours(start=time(12), end=time(8)),), "end before they start"),
        ((Hours(start=time(8), end=time(12)), Hours(start=time(11), end=time(15))), "overlap"),
        ((), "no working hours"),
    ],
)
def test_impossible_hours_are_refused(hours: tuple[Hours, ...], message: str) -> None:
    with pytest.raises(WorktimeError, match=message):
        WorkCalendar(Versioned(id="x", version=1), "Asia/Shanghai", {1: hours})


def test_unknown_zone_naive_time_and_doubled_day_are_refused() -> None:
    weekdays = {1: (MORNING,)}
    version = Versioned(id="x", version=1)
    with pytest.raises(WorktimeError, match="no time zone 'Mars'"):
        WorkCalendar(version, "Mars", weekdays)
    twice = (DayException(day=date(2026, 1, 1)),) * 2
    with pytest.raises(WorktimeError, match="2026-01-01 is named twice"):
        WorkCalendar(version, "Asia/Shanghai", weekdays, twice)
    with pytest.raises(WorktimeError, match="has no zone"):
        deadline(at("2026-01-05T09:00").replace(tzinfo=None), limit(1, "hours"), LANHE)
