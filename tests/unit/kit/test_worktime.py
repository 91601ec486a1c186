"""Deadlines by hand: each case is one that somebody can check with a calendar on the wall."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from case_contracts.events.registry import CalendarPublished
from case_contracts.values import DayException, Hours, Limit, LimitUnit, Text, Versioned
from service_kit.worktime import (
    Still,
    WorkCalendar,
    WorktimeError,
    course,
    deadline,
    elapsed,
    explain,
    left_before,
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
    ("start", "amount", "unit", "pause", "due"),
    [
        # Sixteen hours end on Tuesday at 10:00; from Friday 17:00 to Monday 09:00 there are two.
        ("2026-01-09T10:00", 16, "working_hours", "09T17:00/12T09:00", "2026-01-13T12:00"),
        ("2026-01-09T10:00", 16, "working_hours", "10T03:00/11T23:00", "2026-01-13T10:00"),
        # Five days end on Friday the 16th at 10:00.
        ("2026-01-09T10:00", 5, "working_days", "09T16:00/12T16:00", "2026-01-19T10:00"),
        ("2026-01-09T10:00", 5, "working_days", "09T20:00/12T20:00", "2026-01-19T10:00"),
        ("2026-01-09T10:00", 5, "working_days", "12T08:00/12T10:00", "2026-01-16T12:00"),
        # A time before the day's work: the limit has not begun, and begins as a whole.
        ("2026-01-12T06:00", 1, "working_days", "12T05:00/13T07:00", "2026-01-14T08:00"),
        ("2026-01-12T08:00", 40, "working_hours", "12T08:00/13T08:00", "2026-01-19T18:00"),
        # Nothing of working time stood still: the morning's deadline stays the morning's.
        ("2026-01-10T03:00", 1, "working_days", "10T12:00/11T12:00", "2026-01-13T08:00"),
        # Its working time has passed, and it ends on the 4th at 09:00: an hour of that day stood.
        ("2025-12-31T08:30", 1, "working_days", "01T00:00/04T10:00", "2026-01-04T10:00"),
        ("2026-01-09T10:00", 48, "hours", "10T03:00/10T08:30", "2026-01-11T15:30"),
        ("2026-01-07T10:00", 9, "days", "10T03:00/12T04:00", "2026-01-18T11:00"),
        # After the limit has ended nothing stands still any longer.
        ("2026-01-09T10:00", 2, "hours", "09T12:00/10T12:00", "2026-01-09T12:00"),
    ],
)
def test_a_pause_moves_a_deadline_by_what_stood_still(
    start: str, amount: float, unit: str, pause: str, due: str
) -> None:
    begin, end = (at(f"2026-01-{part}") for part in pause.split("/"))
    (leg,) = course(at(start), [limit(amount, unit)], [Still(begin, end)], LANHE)
    assert leg.end == at(due)


def test_what_is_left_while_time_stands_still_and_what_is_added_then() -> None:
    limits = [limit(10, "working_hours"), limit(1, "working_days")]
    legs = course(at("2026-01-05T09:00"), limits, [Still(at("2026-01-05T15:00"))], LANHE)
    assert [(leg.counted, leg.left, leg.end) for leg in legs] == [
        (timedelta(hours=4), timedelta(hours=6), None),
        (timedelta(0), None, None),
    ]
    resumed = [Still(at("2026-01-05T15:00"), at("2026-01-07T10:00"))]
    first, second = course(at("2026-01-05T09:00"), limits, resumed, LANHE)
    assert first.end == at("2026-01-07T18:00")
    assert second.end == at("2026-01-09T08:00")
    assert left_before([first, second], 0.25) == at("2026-01-08T11:30")


def test_a_limit_is_near_its_end_by_the_time_that_counts() -> None:
    (leg,) = course(at("2026-01-05T17:00"), [limit(8, "working_hours")], [], LANHE)
    assert leg.end == at("2026-01-06T17:00")
    assert left_before([leg], 0.5) == at("2026-01-06T11:00")
    assert left_before([leg], 0.375) == at("2026-01-06T12:00")


@pytest.mark.parametrize(
    ("stills", "message"),
    [
        (["09T10:00/09T09:00"], "pause 1 ends before it begins"),
        (["09T10:00/09T12:00", "09T11:00/09T13:00"], "pause 2 begins before"),
        (["09T10:00/", "09T11:00/09T13:00"], "pause 1 has not ended"),
    ],
)
def test_impossible_pauses_are_refused(stills: list[str], message: str) -> None:
    def still(text: str) -> Still:
        begin, end = text.split("/")
        return Still(at(f"2026-01-{begin}"), at(f"2026-01-{end}") if end else None)

    with pytest.raises(WorktimeError, match=message):
        course(at("2026-01-08T09:00"), [limit(8, "hours")], [*map(still, stills)], LANHE)


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
