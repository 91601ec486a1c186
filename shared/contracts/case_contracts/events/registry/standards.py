"""Standards and calendars."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.events.registry.territory import FROM
from case_contracts.values import (
    ConditionCode,
    DayException,
    Hours,
    Instant,
    Limit,
    MatterClass,
    MatterCode,
    Ref,
    Text,
    Versioned,
)


class Condition(EventData):
    """A filing condition (立案条件) with its limits, closing condition and evidence."""

    code: ConditionCode
    name: Text
    handle: Limit | None = None
    verify: Limit | None = None
    closing: Text
    evidence: tuple[str, ...] = ()
    urgent: bool = False


class StandardMatter(EventData):
    """One matter of a standard. ``default_condition`` applies to reports that name none."""

    code: MatterCode
    matter_class: MatterClass
    name: Text
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]
    default_condition: ConditionCode | None = None


@event("standard.published", owner="registry", aggregate="standard")
class StandardPublished(EventData):
    """An immutable version of the matters and their limits, from ``valid_from`` on."""

    standard: Ref
    version: Annotated[int, Field(ge=1)]
    calendar: Versioned
    matters: tuple[StandardMatter, ...]
    valid_from: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "standard": "lanhe",
        "version": 1,
        "calendar": {"id": "lanhe-work", "version": 1},
        "matters": [
            {
                "code": "part/utilities/manhole-cover",
                "matter_class": "part",
                "name": {"zh": "井盖", "en": "Manhole cover"},
                "conditions": [
                    {
                        "code": "missing",
                        "name": {"zh": "缺失", "en": "Missing"},
                        "handle": {"amount": 2, "unit": "hours"},
                        "verify": {"amount": 4, "unit": "working_hours"},
                        "closing": {"zh": "井盖复位", "en": "Cover in place"},
                        "evidence": ["photo-after"],
                        "urgent": True,
                    }
                ],
                "default_condition": "missing",
            }
        ],
        "valid_from": FROM,
    }


@event("calendar.published", owner="registry", aggregate="calendar")
class CalendarPublished(EventData):
    """A version of the work calendar: hours per ISO weekday, holidays and make-up days."""

    calendar: Ref
    version: Annotated[int, Field(ge=1)]
    zone: str
    weekdays: dict[Annotated[int, Field(ge=1, le=7)], tuple[Hours, ...]]
    exceptions: tuple[DayException, ...] = ()
    valid_from: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "calendar": "lanhe-work",
        "version": 1,
        "zone": "Asia/Shanghai",
        "weekdays": {"1": [{"start": "08:00", "end": "12:00"}, {"start": "14:00", "end": "18:00"}]},
        "exceptions": [{"day": "2026-01-01", "name": {"zh": "元旦", "en": "New Year"}}],
        "valid_from": FROM,
    }
