"""The district and its grids."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from case_contracts.events.base import EventData, event
from case_contracts.values import (
    Instant,
    Ref,
    Text,
    Value,
)

FROM = "2026-01-01T00:00:00+08:00"


class Span(Value):
    """A range that a count should lie in, both ends included."""

    least: Annotated[int, Field(ge=0)]
    most: Annotated[int, Field(ge=0)]


class Role(Value):
    """A post that the district knows. Who holds an ``exclusive`` one holds no other such post
    at the same time."""

    role: Ref
    name: Text
    exclusive: bool = False


@event("district.published", owner="registry", aggregate="district")
class DistrictPublished(EventData):
    """A district is loaded: its levels from the top down, its root grid, zone and calendar.

    ``codes`` is a regular expression per level for the codes of its grids, ``households`` how
    many a grid of the level should have, ``team`` how many post-holders; ``roles`` the posts
    that there are. What is left out is not checked.
    """

    district: Ref
    name: Text
    levels: tuple[str, ...]
    root_grid: Ref
    zone: str
    calendar: Ref
    standard: Ref
    codes: Annotated[dict[str, str], Field(default_factory=dict)]
    households: Annotated[dict[str, Span], Field(default_factory=dict)]
    team: Annotated[dict[str, Span], Field(default_factory=dict)]
    roles: tuple[Role, ...] = ()
    valid_from: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "district": "lanhe",
        "name": {"zh": "兰河区", "en": "Lanhe District"},
        "levels": ["district", "street", "community", "base", "unit"],
        "root_grid": "410199",
        "zone": "Asia/Shanghai",
        "calendar": "lanhe-work",
        "standard": "lanhe",
        "codes": {"unit": "[0-9]{15}"},
        "households": {"unit": {"least": 100, "most": 250}},
        "team": {"base": {"least": 6, "most": 8}},
        "roles": [
            {"role": "worker", "name": {"zh": "网格员", "en": "Grid worker"}, "exclusive": True}
        ],
        "valid_from": FROM,
    }


@event("grid.published", owner="registry", aggregate="grid")
class GridPublished(EventData):
    """A grid exists with this outline and these counts in ``[valid_from, valid_to)``."""

    grid: Ref
    level: str
    parent: Ref | None
    path: tuple[Ref, ...]
    name: Text
    geometry: dict[str, Any]
    households: Annotated[int, Field(ge=0)] | None = None
    valid_from: Instant
    valid_to: Instant | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "grid": "410199001001001",
        "level": "unit",
        "parent": "410199001001",
        "path": ["410199", "410199001", "410199001001"],
        "name": {"zh": "第一单元网格", "en": "Unit grid 1"},
        "geometry": {
            "type": "Polygon",
            "coordinates": [
                [[113.6, 34.7], [113.61, 34.7], [113.61, 34.71], [113.6, 34.71], [113.6, 34.7]]
            ],
        },
        "households": 180,
        "valid_from": FROM,
        "valid_to": None,
    }


@event("grid.retired", owner="registry", aggregate="grid")
class GridRetired(EventData):
    """A grid's validity ends; cases reported before keep it."""

    grid: Ref
    valid_to: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {"grid": "410199001001001", "valid_to": FROM}
