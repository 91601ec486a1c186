"""Value types that several events share. All of them are immutable."""

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time needs its zone, for example 2026-01-05T08:00:00+08:00")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time outside the years 1 to 9999 in UTC") from None


Instant = Annotated[datetime, AfterValidator(_aware)]
"""A point in time with its zone; stored and sent as UTC."""

Ref = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/-]{1,160}$")]
"""An id: of a grid, post-holder, department, case... Never a name, an address or a number
by which an outsider could reach a person."""

MatterCode = Annotated[str, Field(pattern=r"^[a-z]+/[a-z0-9-]+/[a-z0-9-]+$", max_length=120)]
"""``class/category/item``, for example ``part/utilities/manhole-cover``."""

Code = Annotated[str, Field(pattern=r"^[a-z0-9_-]+$", min_length=1, max_length=60)]
"""A stable word for programs, for example ``not_ours``; never a sentence or a person's words."""

ConditionCode = Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=60)]


class Value(BaseModel):
    """Base of all values and payloads: immutable; fields that a newer writer adds are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Text(Value):
    """A label that people see, in Chinese and English."""

    zh: Annotated[str, Field(min_length=1, max_length=400)]
    en: Annotated[str, Field(min_length=1, max_length=400)]


class Point(Value):
    """WGS-84 degrees. Events carry it coarsened to three decimals (about 100 m)."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-90, le=90)]

    def coarse(self) -> "Point":
        return Point(lon=round(self.lon, 3), lat=round(self.lat, 3))


class Versioned(Value):
    """A reference to one published, immutable version of a standard, calendar or charter."""

    id: Ref
    version: Annotated[int, Field(ge=1)]


class MatterClass(StrEnum):
    """部件、事件、矛盾纠纷、代办、咨询、隐患."""

    PART = "part"
    EVENT = "event"
    DISPUTE = "dispute"
    SERVICE = "service"
    INQUIRY = "inquiry"
    HAZARD = "hazard"


class LimitUnit(StrEnum):
    """What a limit counts: working time of the calendar, or continuous ("urgent") time.

    Days, working or not, are wall-clock days of the calendar's zone: the same time of day,
    so many days later.
    """

    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    HOURS = "hours"
    DAYS = "days"

    @property
    def is_working(self) -> bool:
        """Whether it counts working time of the calendar."""
        return self in (LimitUnit.WORKING_HOURS, LimitUnit.WORKING_DAYS)


class Limit(Value):
    """An amount of time within which something must be done."""

    amount: Annotated[float, Field(gt=0, le=3660)]
    unit: LimitUnit


class PartyKind(StrEnum):
    DEPARTMENT = "department"
    POST = "post"


class Party(Value):
    """Somebody who answers for something: a department, or a post in a grid.

    ``person`` is the post-holder's id when ``kind`` is post; ``grid`` the post's grid.
    """

    kind: PartyKind
    id: Ref
    person: Ref | None = None
    grid: Ref | None = None


class About(Value):
    """A complaint's subject: neither it nor those under it may route, handle, verify or see it."""

    kind: Annotated[str, Field(pattern="^(department|person|grid)$")]
    id: Ref


def _wall_clock(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("hours are wall-clock times of the calendar's zone, such as 08:00")
    return value


WallTime = Annotated[
    time,
    AfterValidator(_wall_clock),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?$",
            "description": "a wall-clock time of the calendar's zone, such as 08:00",
        }
    ),
]
"""A time of day without a zone: JSON Schema's own ``time`` has one."""


class Hours(Value):
    """A span of one day, half open: ``[start, end)`` in the calendar's zone."""

    start: WallTime
    end: WallTime


class DayException(Value):
    """A holiday (no hours) or a make-up working day (its own hours)."""

    day: date
    hours: tuple[Hours, ...] = ()
    name: Text | None = None


class Shift(Value):
    """When a post-holder is on duty: ISO weekdays (1 = Monday) and hours of the day."""

    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...]
    hours: Hours
