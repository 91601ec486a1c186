"""The configuration that turns a city's own files into a district: what each key means.

Templates such as ``ward-{WARD:02}`` are Python format strings over a row's or feature's columns.
Texts that people see are given as ``{zh: ..., en: ...}``.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from case_contracts.values import ConditionCode, Instant, Limit, LimitUnit, MatterClass, Ref, Text
from civicgrid.onboard.config_part import Part
from civicgrid.onboard.config_rows import Requests
from service_kit.reading.shifts import parse_shifts

Shifts = Annotated[
    tuple[dict[str, Any], ...], BeforeValidator(lambda text: parse_shifts(text) if text else ())
]
"""Weekdays and hours as text: ``1-5 08:30-17:00``; parts are divided by ``;``."""


class Template(Part):
    """A label made from a row in both languages."""

    zh: str
    en: str


class Root(Part):
    """The root grid. Its outline is the union of the level ``outline`` (default: the next)."""

    id: Ref
    level: str
    outline: str | None = None


class Level(Part):
    """A level below the root: its GeoJSON file in WGS-84 and how a feature becomes a grid.

    ``parent`` left out: the grid of the level above that the feature lies in (below the root
    level: the root). ``where`` keeps only features with these values.
    """

    level: str
    file: str
    id: str
    name: Template
    parent: str | None = None
    households: str | None = None
    where: Mapping[str, str | int] = {}


class Grids(Part):
    root: Root
    levels: Annotated[list[Level], Field(min_length=1)]


class Calendar(Part):
    """The work calendar: ``hours`` of ordinary weeks, then holidays and make-up days."""

    id: Ref
    hours: Shifts
    holidays: Mapping[date, Text] = {}
    make_up: Mapping[date, "MakeUp"] = {}


class MakeUp(Part):
    """A day off by its weekday that is worked: its hours as ``09:00-13:00; 14:00-17:00``."""

    hours: str
    name: Text


class OneCondition(Part):
    """The filing condition that every matter gets: past requests know no other."""

    code: ConditionCode = "reported"
    name: Text
    closing: Text
    evidence: tuple[str, ...] = ()
    verify: Limit | None = None


class Matters(Part):
    """How rows become matters. ``classes`` gives the class of categories other than ``default``.

    ``spellings`` replaces a category's or item's word by another; ``without_item`` and
    ``without_category`` stand for empty ones. A row whose item stays empty is refused.
    """

    default: MatterClass = MatterClass.EVENT
    classes: Mapping[str, MatterClass] = {}
    spellings: Mapping[str, str] = {}
    without_category: str = "general"
    without_item: str = ""
    condition: OneCondition


class LimitOption(Part):
    """A pair of the table's columns: an amount of ``unit``, and the share of rows it explains."""

    unit: LimitUnit
    amount: str
    share: str


class LimitTable(Part):
    """A table of limits per item; the option that explains most wins, if it explains enough."""

    file: str
    item: str
    options: Annotated[list[LimitOption], Field(min_length=1)]
    minimum_share: Annotated[float, Field(ge=0, le=1)] = 0.97


class Limits(Part):
    """Limits by item: from a table, and ``fixed`` ones, which win."""

    table: LimitTable | None = None
    fixed: Mapping[str, Limit] = {}


class Department(Part):
    department: Ref
    name: Text
    matters: tuple[str, ...] = ()


class Departments(Part):
    """Who leads. With a department column, the most frequent department of a matter leads it.

    ``names`` are for the column's words; ``listed`` departments lead matters by pattern
    (``event/noise/*``) where no column tells.
    """

    names: Mapping[str, Text] = {}
    listed: tuple[Department, ...] = ()
    powers: tuple[str, ...] = ("inspect", "repair")
    legal_basis: str
    approved_by: Annotated[list[Ref], Field(min_length=2)]


class Admissions(Part):
    """Matters (patterns) that grid workers may get."""

    matters: list[str]
    proposed_by: Ref
    reviewed_by: Ref


class Post(Part):
    """A role in every grid of a level. People are invented: ids ``p-000001`` in this order."""

    level: str
    role: Ref
    accountable: bool = False
    shifts: Shifts = ()


class Config(Part):
    """Everything that ``civicgrid onboard`` needs to know about a city."""

    district: Ref
    name: Text
    zone: str
    language: Annotated[str, Field(pattern="^(zh|en)$")]
    valid_from: Instant
    translations: Mapping[str, str] = {}
    grids: Grids
    calendar: Calendar
    requests: Requests
    matters: Matters
    limits: Limits = Limits()
    departments: Departments | None = None
    admissions: Admissions | None = None
    posts: Annotated[list[Post], Field(min_length=1)]
    intake: Mapping[str, Any] | None = None
    supervision: Mapping[str, Any] | None = None
