"""A district of two unit grids side by side, as the registry publishes it."""

from datetime import datetime
from typing import Any

from case_contracts.events.base import EventData
from case_contracts.events.registry import DistrictPublished, GridPublished, StandardPublished
from case_contracts.values import Text

ROOT, WEST, EAST = "410199", "410199001001001", "410199001001002"
FROM = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
MANHOLE, NOISE, LITTER = "part/utilities/manhole-cover", "event/noise/night", "event/street/litter"
IN_WEST, IN_EAST = {"lon": 113.602, "lat": 34.702}, {"lon": 113.608, "lat": 34.702}
ON_BORDER, OUTSIDE = {"lon": 113.605, "lat": 34.702}, {"lon": 113.7, "lat": 34.9}


def box(west: float, east: float) -> dict[str, Any]:
    """A rectangle between two longitudes, as GeoJSON."""
    ring = [[west, 34.7], [east, 34.7], [east, 34.71], [west, 34.71], [west, 34.7]]
    return {"type": "Polygon", "coordinates": [ring]}


def grid(
    code: str,
    geometry: dict[str, Any],
    valid_from: datetime = FROM,
    valid_to: datetime | None = None,
) -> GridPublished:
    root = code == ROOT
    return GridPublished(
        grid=code,
        level="district" if root else "unit",
        parent=None if root else ROOT,
        path=() if root else (ROOT,),
        name=Text(zh=f"网格{code}", en=f"Grid {code}"),
        geometry=geometry,
        valid_from=valid_from,
        valid_to=valid_to,
    )


GRIDS = (
    grid(ROOT, box(113.6, 113.61)),
    grid(WEST, box(113.6, 113.605)),
    grid(EAST, box(113.605, 113.61)),
)


def condition(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "name": {"zh": code, "en": code.title()},
        "handle": {"amount": 2, "unit": "hours"},
        "closing": {"zh": "完成", "en": "Done"},
    }


def matter(code: str, conditions: list[str], default: str | None = None) -> dict[str, Any]:
    return {
        "code": code,
        "matter_class": code.split("/", 1)[0],
        "name": {"zh": code, "en": f"Matter {code}"},
        "conditions": [condition(each) for each in conditions],
        "default_condition": default,
    }


def standard(
    version: int = 1, valid_from: datetime = FROM, matters: list[dict[str, Any]] | None = None
) -> StandardPublished:
    """Manhole covers have a default condition, night noise a single one, litter neither."""
    return StandardPublished.model_validate(
        {
            "standard": "lanhe",
            "version": version,
            "calendar": {"id": "lanhe-work", "version": 1},
            "matters": matters
            or [
                matter(MANHOLE, ["missing", "loose"], "missing"),
                matter(NOISE, ["loud"]),
                matter(LITTER, ["heap", "scattered"]),
            ],
            "valid_from": valid_from,
        }
    )


DISTRICT = DistrictPublished.model_validate(
    {
        "district": "lanhe",
        "name": {"zh": "兰河区", "en": "Lanhe District"},
        "levels": ["district", "unit"],
        "root_grid": ROOT,
        "zone": "Asia/Shanghai",
        "calendar": "lanhe-work",
        "standard": "lanhe",
        "valid_from": FROM,
    }
)


def published() -> list[tuple[str, EventData]]:
    """(subject, event) in the registry's order: the district last."""
    return [
        ("standard:lanhe", standard()),
        *((f"grid:{each.grid}", each) for each in GRIDS),
        ("district:lanhe", DISTRICT),
    ]
