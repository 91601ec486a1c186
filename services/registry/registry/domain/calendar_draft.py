"""A calendar for a year, drafted from public holidays for people to look at and publish."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from case_contracts.events.registry import CalendarPublished
from case_contracts.values import DayException, Hours, Text
from service_kit.errors import Invalid


@dataclass(frozen=True)
class Day:
    """A public holiday, or where ``working`` a weekend day that is worked to make up for one."""

    day: date
    name: Text
    working: bool = False


def drafted(
    base: CalendarPublished, year: int, days: Iterable[Day], own: Iterable[DayException]
) -> CalendarPublished:
    """The next version of ``base``: its hours and the days of other years as they are, those of
    ``year`` anew. ``own`` days prevail over those of the source. Raises Invalid (``zone_unknown``).
    """
    usual = usual_hours(base)
    found = {each.day: each for each in base.exceptions if each.day.year != year}
    for day in days:
        hours = usual if day.working else ()
        found[day.day] = DayException(day=day.day, hours=hours, name=day.name)
    found |= {each.day: each for each in own}
    return base.model_copy(
        update={
            "version": base.version + 1,
            "exceptions": tuple(found[day] for day in sorted(found)),
            "valid_from": datetime(year, 1, 1, tzinfo=_zone(base.zone)).astimezone(UTC),
        }
    )


def blank(calendar: str, zone: str, weekdays: Mapping[int, tuple[Hours, ...]]) -> CalendarPublished:
    """A calendar without any days, before its first version."""
    return CalendarPublished.model_construct(
        calendar=calendar, version=0, zone=zone, weekdays=dict(weekdays), exceptions=(),
        valid_from=datetime.min.replace(tzinfo=UTC),
    )  # fmt: skip


def usual_hours(calendar: CalendarPublished) -> tuple[Hours, ...]:
    """The hours of its first working weekday: what a make-up day is worked."""
    return next((h for _, h in sorted(calendar.weekdays.items()) if h), ())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        said = f"there is no time zone {name!r}; write a name such as Asia/Shanghai"
        raise Invalid(said, code="zone_unknown") from None
