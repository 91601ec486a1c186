"""What of a grid everybody may see: its name, its level and its outline; no counts, no people."""

from collections.abc import Iterable
from typing import Any

DIGITS = 5
"""Of a degree: about a metre, and half the size."""


def outlined(feature: dict[str, Any]) -> dict[str, Any]:
    """The registry's feature with nothing but what a map shows."""
    known, geometry = feature["properties"], feature["geometry"]
    shown = {name: known[name] for name in ("grid", "level", "name_zh", "name_en")}
    coordinates = _rounded(geometry["coordinates"])
    return {
        "type": "Feature",
        "properties": shown,
        "geometry": {"type": geometry["type"], "coordinates": coordinates},
    }


def district_name(features: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The name of the grid that no other holds, in both languages; empty where there is none."""
    roots = [each["properties"] for each in features if each["properties"]["parent"] is None]
    return {"zh": roots[0]["name_zh"], "en": roots[0]["name_en"]} if roots else {}


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, int | float):
        return round(coordinates, DIGITS)
    return [_rounded(each) for each in coordinates]
