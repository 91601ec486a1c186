"""The grids of one level: a GeoJSON feature collection in WGS-84 degrees (RFC 7946).

Properties: ``grid``, ``parent`` (none for the root), ``name_zh``, ``name_en``, and if wanted
``households``, ``valid_from``, ``valid_to``. Others, as map programs add them, are left alone.
"""

import json
import re
from itertools import repeat
from typing import Any

from case_contracts.district import Item, Origin, Raw
from service_kit.reading import Problems

_FEATURES = re.compile(r'"features"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_COPIED = ("grid", "households", "valid_from", "valid_to")


def read_grids(text: str, file: str, level: str, problems: Problems) -> list[Raw]:
    """The grids of ``level``; what is wrong goes to ``problems``."""
    try:
        collection = json.loads(text)
    except json.JSONDecodeError as error:
        problems.add("json_invalid", file, error.lineno, f"not JSON: {error.msg}", "correct it")
        return []
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list):
        said = "no GeoJSON feature collection"
        problems.add("not_geojson", file, 1, said, "export the level as a FeatureCollection")
        return []
    lines = _lines(text, len(features)) or repeat(None)
    grids = (
        _grid(feature, Origin(file=file, line=line), level, problems)
        for feature, line in zip(features, lines, strict=False)
    )
    return [grid for grid in grids if grid]


def _lines(text: str, count: int) -> list[int] | None:
    """The line on which each feature starts; ``None`` when the list is not where it should be."""
    match = _FEATURES.search(text)
    if not match:
        return None
    decoder, at, line, lines = json.JSONDecoder(), match.end(), 1, list[int]()
    line += text.count("\n", 0, at)
    while len(lines) < count:
        start = _BETWEEN.match(text, at)
        begin = start.end() if start else at
        line += text.count("\n", at, begin)
        lines.append(line)
        try:
            _, end = decoder.raw_decode(text, begin)
        except json.JSONDecodeError:
            return None
        line += text.count("\n", begin, end)
        at = end
    return lines


def _grid(feature: Any, origin: Origin, level: str, problems: Problems) -> Raw | None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(properties, dict) or not isinstance(geometry, dict):
        said = "a feature without properties or geometry"
        problems.add("not_a_feature", origin.file, origin.line, said, "give it both or remove it")
        return None
    value = {key: properties[key] for key in _COPIED if properties.get(key) is not None}
    names = {"zh": properties.get("name_zh"), "en": properties.get("name_en")}
    value |= {"level": level, "parent": properties.get("parent"), "name": names}
    return Item(origin=origin, value=value | {"geometry": geometry})


def write_grids(items: list[Raw]) -> str:
    """The text of a level's file: one feature a line, so that changes can be read."""
    features = ",\n".join(_dump(_feature(item.value)) for item in items)
    return f'{{"type":"FeatureCollection","features":[\n{features}\n]}}\n'


def _feature(value: dict[str, Any]) -> dict[str, Any]:
    properties = {"grid": value["grid"], "parent": value.get("parent")}
    properties |= {"name_zh": value["name"]["zh"], "name_en": value["name"]["en"]}
    properties |= {key: value[key] for key in _COPIED[1:] if value.get(key) is not None}
    return {"type": "Feature", "properties": properties, "geometry": value["geometry"]}


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
