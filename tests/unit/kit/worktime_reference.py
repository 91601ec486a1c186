"""Working time counted slowly: minute by minute along the wall clock, from a calendar's raw values.
Nothing of the kit's arithmetic is used."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from case_contracts.events.registry import CalendarPublished
from case_contracts.values import DayException, Hours, Limit, LimitUnit, Text

MINUTE = timedelta(minutes=1)
FIRST = date(2026, 3, 1)
ZONES = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Europe/London",
    "Australia/Lord_Howe",
]
TIMES = st.integers(5 * 12, 23 * 12).map(lambda five: time(five // 12, five % 12 * 5))
"""From 05:00: a working span that begins where clocks change is nobody's calendar."""

MAKE_UP = Text(zh="调休", en="Make-up day")


@st.composite
def days(draw: st.DrawFn) -> tuple[Hours, ...]:
    edges = sorted(draw(st.lists(TIMES, min_size=2, max_size=4, unique=True)))
    return tuple(Hours(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def published(draw: st.DrawFn) -> CalendarPublished:
    """Any weekdays, with holidays and make-up days, in zones most of which change their clocks
    within the five weeks from the first of March."""
    weekdays = {day: draw(days()) for day in draw(st.sets(st.integers(1, 7), min_size=1))}
    special = draw(st.dictionaries(st.integers(0, 40), st.one_of(st.just(()), days()), max_size=6))
    return CalendarPublished(
        calendar="cal",
        version=1,
        zone=draw(st.sampled_from(ZONES)),
        weekdays=weekdays,
        exceptions=tuple(
            DayException(day=FIRST + timedelta(days=n), hours=hours, name=MAKE_UP)
            for n, hours in special.items()
        ),
        valid_from=datetime(2020, 1, 1, tzinfo=UTC),
    )


INSTANTS = st.integers(0, 45 * 24 * 60).map(
    lambda minutes: datetime(2026, 2, 27, tzinfo=UTC) + minutes * MINUTE
)
"""Five weeks in which the clocks of all zones but Shanghai's change."""


class Stood(NamedTuple):
    """Time stood still; without an end it still does."""

    start: datetime
    end: datetime | None


class Reference:
    """A calendar, asked for every minute; what it said is remembered, for time's sake."""

    def __init__(self, calendar: CalendarPublished) -> None:
        self.zone = ZoneInfo(calendar.zone)
        self.weekdays = calendar.weekdays
        self.exceptions = {each.day: each.hours for each in calendar.exceptions}
        self._said: dict[datetime, bool] = {}

    def works(self, minute: datetime) -> bool:
        if minute not in self._said:
            self._said[minute] = self._works(minute)
        return self._said[minute]

    def _works(self, minute: datetime) -> bool:
        local = minute.astimezone(self.zone)
        hours = self.exceptions.get(local.date())
        if hours is None:
            hours = self.weekdays.get(local.isoweekday(), ())
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
        """So many working days after the first working minute from ``start`` on."""
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

    def end(self, start: datetime, limit: Limit) -> datetime:
        """Of a limit in whole minutes or days, where nothing stands still."""
        amount = round(limit.amount * 60)
        match limit.unit:
            case LimitUnit.HOURS:
                return start + amount * MINUTE
            case LimitUnit.WORKING_HOURS:
                return self.after(start, amount)
            case LimitUnit.WORKING_DAYS:
                return self.days_after(start, int(limit.amount))
            case LimitUnit.DAYS:
                local = start.astimezone(self.zone)
                day = local.date() + timedelta(days=int(limit.amount))
                return datetime.combine(day, local.time(), self.zone).astimezone(UTC)

    def due(
        self, start: datetime, limits: Sequence[Limit], stood: Sequence[Stood]
    ) -> datetime | None:
        """The end of the last limit, each counted from the end of the one before; None while time
        stands still."""
        at: datetime | None = start
        for limit in limits:
            at = self._one(at, limit, stood) if at is not None else None
        return at

    def _one(self, start: datetime, limit: Limit, stood: Sequence[Stood]) -> datetime | None:
        """Each minute of the limit's kind of a pause that began before the end puts it off by one,
        also where nothing was left of the limit but the way to the next day's hours."""
        while (still := _standing(start, stood)) is not None:
            if still.end is None:
                return None
            start += MINUTE
        end, minute = self.end(start, limit), start
        working = limit.unit in (LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS)
        while True:
            still = _standing(minute, stood)
            if minute >= end and (still is None or still.start >= end):
                return end
            if still is not None and still.end is None:
                return None
            if still is not None and (not working or self.works(minute)):
                end = self.after(end, 1) if working else end + MINUTE
            minute += MINUTE

    def _minutes_of(self, day: date) -> list[datetime]:
        start = datetime.combine(day, time(0), self.zone).astimezone(UTC)
        return [start + n * MINUTE for n in range(25 * 60) if self._on(start + n * MINUTE, day)]

    def _on(self, minute: datetime, day: date) -> bool:
        return minute.astimezone(self.zone).date() == day


def _standing(minute: datetime, stood: Sequence[Stood]) -> Stood | None:
    for still in stood:
        if still.start <= minute and (still.end is None or minute < still.end):
            return still
    return None
