"""What the routes of standards and calendars take and give."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.registry import (
    CalendarPublished,
    StandardPublished,
)
from case_contracts.values import DayException, Hours, Ref


def strict(example: dict[str, Any]) -> ConfigDict:
    """Of a body: unknown fields are refused, and this is an example."""
    return ConfigDict(extra="forbid", json_schema_extra={"example": example})


class StandardIn(StandardPublished):
    """A version of the standard, as it is to be published."""

    model_config = strict(StandardPublished.EXAMPLE)


class CalendarIn(CalendarPublished):
    """A version of a calendar, as it is to be published."""

    model_config = strict(CalendarPublished.EXAMPLE)


class FileIn(BaseModel):
    """A file that was sent, as far as it matters whether it is the same again."""

    sha256: str


class Words(BaseModel):
    """A text in both languages, of any length."""

    model_config = ConfigDict(from_attributes=True)

    zh: str
    en: str


class NamedOut(BaseModel):
    """A matter, or with ``condition`` one of its conditions."""

    model_config = ConfigDict(from_attributes=True)

    matter: str
    condition: str | None
    name: Words


class ChangeOut(BaseModel):
    """A field that differs, before and after, and the same as a sentence."""

    model_config = ConfigDict(from_attributes=True)

    matter: str
    condition: str | None
    field: str
    before: Words
    after: Words
    words: Words


class ComparisonOut(BaseModel):
    """What differs between two versions of a standard."""

    model_config = ConfigDict(from_attributes=True)

    matters_added: list[NamedOut]
    matters_removed: list[NamedOut]
    conditions_added: list[NamedOut]
    conditions_removed: list[NamedOut]
    changes: list[ChangeOut]


_POTHOLE = {"matter": "part/roads/pothole", "condition": None}
COMPARED = {
    "matters_added": [{**_POTHOLE, "name": {"zh": "坑洞", "en": "Pothole"}}],
    "matters_removed": [],
    "conditions_added": [],
    "conditions_removed": [],
    "changes": [
        {
            "matter": "part/utilities/manhole-cover",
            "condition": "missing",
            "field": "handle",
            "before": {"zh": "2小时", "en": "2 hours"},
            "after": {"zh": "4小时", "en": "4 hours"},
            "words": {
                "zh": "井盖·缺失：处置时限由“2小时”改为“4小时”",
                "en": "Manhole cover, Missing: limit for handling changed from '2 hours' to"
                " '4 hours'",
            },
        }
    ],
}


class CalendarDraftIn(BaseModel):
    """What a calendar for ``year`` is drafted from.

    With ``calendar`` that is published: its newest version, with the days of that year anew;
    otherwise from ``zone`` and ``weekdays``. ``source``: ``chinesecalendar`` (mainland China
    with make-up days), ``holidays`` (most countries), ``none``; by default what fits the
    country. ``days`` prevail over the source's.
    """

    model_config = strict({"calendar": "lanhe-work", "country": "CN", "year": 2026})

    calendar: Ref
    year: Annotated[int, Field(ge=1970, le=2999)]
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "CN"
    subdivision: Annotated[str, Field(pattern="^[A-Za-z0-9-]{1,10}$")] | None = None
    source: Literal["chinesecalendar", "holidays", "none"] | None = None
    zone: Annotated[str, Field(pattern="^[A-Za-z0-9_+/-]{1,60}$")] = "Asia/Shanghai"
    weekdays: dict[Annotated[int, Field(ge=1, le=7)], tuple[Hours, ...]] | None = None
    days: Annotated[tuple[DayException, ...], Field(max_length=400)] = ()


class CalendarDraft(BaseModel):
    """A calendar that is not published: look at it, and send it to ``POST /calendars``."""

    source: str
    holidays: int
    make_up_days: int
    note: Words
    draft: CalendarPublished


DRAFTED = {
    "source": "chinesecalendar",
    "holidays": 33,
    "make_up_days": 6,
    "note": {"zh": "发布前请核对", "en": "check before publishing"},
    "draft": CalendarPublished.EXAMPLE,
}
