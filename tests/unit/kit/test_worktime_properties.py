"""Working time against a slow reference that walks the wall clock minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.values import DayException, Hours, Limit, LimitUnit, Versioned
from service_kit.worktime import WorkCalendar, deadline, elapsed, explain, extend, working_between

MINUTE = timedelta(minutes=1)
FIRST = date(2026, 3, 1)
ZONES = ["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe"]
TIMES = st.integers(5 * 12, 23 * 12).map(lambda five: time(five // 12, five % 12 * 5))
"""From 05:00: a working span that begins where clocks change is nobody's calendar."""


@st.composite
def days(draw: st.DrawFn) -> tuple[Hours, ...]:
    edges = sorted(draw(st.lists(TIMES, min_size=2, max_size=4, unique=True)))
    return tuple(Hours(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    weekdays = {day: draw(days()) for day in draw(st.sets(st.integers(1, 7), min_size=1))}
    special = draw(st.dictionaries(st.integers(0, 40), st.one_of(st.just(()), days()), max_size=6))
    exceptions = [
        DayException(day=FIRST + timedelta(days=offset), hours=hours)
        for offset, hours in special.items()
    ]
    zone = draw(st.sampled_from(ZONES))
    return WorkCalendar(Versioned(id="c", version=1), zone, weekdays, tuple(exceptions))


INSTANTS = st.integers(0, 45 * 24 * 60).map(
    lambda minutes: datetime(2026, 2, 27, tzinfo=UTC) + minutes * MINUTE
)
"""Five weeks in which the clocks of all zones but Shanghai's change."""


class Reference:
    """The same calendar, asked for every minute anew from the raw values."""

    def __init__(self, calendar: WorkCalendar) -> None:
        self.zone = ZoneInfo(calendar.zone.key)
        self.calendar = calendar

    def works(self, minute: datetime) -> bool:
        local = minute.astimezone(self.zone)
        exception = self.calendar.exception(local.date())
        hours = (
            exception.hours if exception else self.calendar._weekdays.get(local.isoweekday(), ())
        )
        return any(hour.start <= local.time() < hour.end for hour in hours)

    def minutes(self, start: datetime, end: datetime) -> int:
        return sum(self.works(start + n * MINUTE) for n in range((end - start) // MINUTE))

    def after(self, start: datetime, minutes: int) -> datetime:
        while minutes:
            minutes -= self.works(start)
            start += MINUTE
        return start

    def first(self, start: datetime) -> datetime:
        while not self.works(start):
            start += MINUTE
        return start

    def days_after(self, start: datetime, days: int) -> datetime:
        start = self.first(start)
        local = start.astimezone(self.zone)
        day = local.date()
        while days:
            day += timedelta(days=1)
            days -= any(self.works(minute) for minute in self._minutes_of(day))
        wanted = datetime.combine(day, local.time(), self.zone).astimezone(UTC)
        worked = [minute for minute in self._minutes_of(day) if self.works(minute)]
        before = [minute for minute in worked if minute <= wanted]
        if not before:
            return worked[0]
        return min(wanted, before[-1] + MINUTE)

    def _minutes_of(self, day: date) -> list[datetime]:
        start = datetime.combine(day, time(0), self.zone).astimezone(UTC)
        return [start + n * MINUTE for n in range(25 * 60) if self._on(start + n * MINUTE, day)]

    def _on(self, minute: datetime, day: date) -> bool:
        return minute.astimezone(self.zone).date() == day


@settings(max_examples=60, deadline=None)
@given(calendars(), INSTANTS, st.integers(0, 5 * 24 * 60))
def test_working_between_counts_what_the_reference_counts(
    calendar: WorkCalendar, start: datetime, minutes: int
) -> None:
    end = start + minutes * MINUTE
    assert working_between(start, end, calendar) == Reference(calendar).minutes(start, end) * MINUTE


@settings(max_examples=60, deadline=None)
@given(calendars(), INSTANTS, st.integers(1, 40 * 60))
def test_working_hours_end_where_the_reference_ends(
    calendar: WorkCalendar, start: datetime, minutes: int
) -> None:
    limit = Limit(amount=minutes / 60, unit=LimitUnit.WORKING_HOURS)
    due = deadline(start, limit, calendar)
    assert abs(due - Reference(calendar).after(start, minutes)) < timedelta(milliseconds=1)
    counted = sum((segment.counted for segment in explain(start, limit, calendar)), timedelta(0))
    assert abs(counted - minutes * MINUTE) < timedelta(milliseconds=1)


@settings(max_examples=60, deadline=None)
@given(calendars(), INSTANTS, st.integers(1, 7))
def test_working_days_end_where_the_reference_ends(
    calendar: WorkCalendar, start: datetime, amount: int
) -> None:
    limit = Limit(amount=amount, unit=LimitUnit.WORKING_DAYS)
    assert deadline(start, limit, calendar) == Reference(calendar).days_after(start, amount)


@given(calendars(), INSTANTS, st.floats(0.1, 30), st.sampled_from(LimitUnit))
def test_elapsed_at_the_deadline_is_the_limit(
    calendar: WorkCalendar, start: datetime, amount: float, unit: LimitUnit
) -> None:
    due = deadline(start, Limit(amount=amount, unit=unit), calendar)
    spent = elapsed(start, due, unit, calendar)
    # Two days whose hours do not meet have no working time between the drawn-in times: there
    # a part of a day cannot be told from the whole one.
    assert abs(spent - amount) < 1e-3 or (unit is LimitUnit.WORKING_DAYS and spent == int(amount))


@given(calendars(), INSTANTS, st.integers(0, 9000), st.integers(0, 9000), st.integers(1, 60))
def test_two_pauses_move_a_limit_in_working_hours_like_their_sum(
    calendar: WorkCalendar, start: datetime, wait: int, lasts: int, hours: int
) -> None:
    limit = Limit(amount=hours, unit=LimitUnit.WORKING_HOURS)
    due = deadline(start, limit, calendar)
    begin, middle, end = (start + m * MINUTE for m in (wait, wait + lasts // 2, wait + lasts))
    once = extend(due, begin, end, limit, calendar)
    twice = extend(extend(due, begin, middle, limit, calendar), middle, end, limit, calendar)
    assert once == twice
    assert working_between(due, once, calendar) == working_between(begin, end, calendar)


@given(
    calendars(), INSTANTS, st.integers(0, 9000), st.integers(1, 9000), st.sampled_from(LimitUnit)
)
def test_a_pause_never_shortens_a_limit(
    calendar: WorkCalendar, start: datetime, wait: int, lasts: int, unit: LimitUnit
) -> None:
    limit = Limit(amount=3, unit=unit)
    due = deadline(start, limit, calendar)
    begin = start + wait * MINUTE
    shorter = extend(due, begin, begin + lasts // 2 * MINUTE, limit, calendar)
    longer = extend(due, begin, begin + lasts * MINUTE, limit, calendar)
    assert due <= shorter <= longer


@given(calendars(), INSTANTS, st.integers(1, 5000), st.floats(0.1, 20), st.sampled_from(LimitUnit))
def test_who_starts_later_is_never_due_earlier(
    calendar: WorkCalendar, start: datetime, later: int, amount: float, unit: LimitUnit
) -> None:
    limit = Limit(amount=amount, unit=unit)
    tolerance = timedelta(milliseconds=1)
    assert deadline(start, limit, calendar) <= (
        deadline(start + later * MINUTE, limit, calendar) + tolerance
    )
