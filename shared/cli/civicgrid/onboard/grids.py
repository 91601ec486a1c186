"""A city's own boundaries become a tree of grids."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from case_contracts.district import Origin, Raw
from civicgrid.district_dir import raw
from civicgrid.onboard.config import Level
from civicgrid.onboard.errors import refuse
from civicgrid.onboard.load import Source, fill

_DEGREES = ("CRS84", "4326")


@dataclass(slots=True)
class Territory:
    """The grids from the root down, and which of them had to be repaired."""

    grids: list[Raw]
    repaired: list[str]
    shapes: dict[str, BaseGeometry]
    levels: list[str]

    def of(self, level: str) -> list[str]:
        return [grid.value["grid"] for grid in self.grids if grid.value["level"] == level]


def territory(source: Source) -> Territory:
    """All grids of the configuration.

    Raises:
        OnboardError: a file is no GeoJSON in degrees, a grid has no parent or its id is not alone.
    """
    root = source.config.grids.root
    found = Territory([], [], {}, [root.level, *(n.level for n in source.config.grids.levels)])
    above = root.level
    for number, level in enumerate(source.config.grids.levels):
        _add_level(level, above, source, ("grids", "levels", number), found)
        above = level.level
    found.grids.insert(0, _root(source, found))
    return found


def _root(source: Source, found: Territory) -> Raw:
    root = source.config.grids.root
    level = root.outline or source.config.grids.levels[0].level
    parts = [found.shapes[grid] for grid in found.of(level)]
    if not parts:
        origin = source.at("grids", "root", "outline")
        raise refuse("level_unknown", origin, f"no grids of level {level!r}", "name a level")
    outline = _areas(shapely.union_all(parts))
    found.shapes[root.id] = outline
    return raw(_value(root.id, root.level, None, source.config.name.model_dump(), outline))


def _value(
    grid: str, level: str, parent: str | None, name: dict[str, str], outline: BaseGeometry
) -> dict[str, Any]:
    return {
        "grid": grid,
        "level": level,
        "parent": parent,
        "name": name,
        "geometry": json.loads(json.dumps(mapping(outline))),
    }


def _add_level(
    level: Level, above: str, source: Source, key: tuple[str | int, ...], found: Territory
) -> None:
    origin = source.at(*key)
    parents = found.of(above)
    for where, properties, outline in _features(source.file(level.file, *key, "file"), origin):
        if any(properties.get(column) != wanted for column, wanted in level.where.items()):
            continue
        grid = fill(level.id, properties, origin, where)
        if grid in found.shapes or grid == source.config.grids.root.id:
            message = f"{where} has the id {grid!r}, which another grid has"
            raise refuse("grid_twice", origin, message, "make the id template distinguish them")
        if not outline.is_valid:
            found.repaired.append(grid)
            outline = _areas(shapely.make_valid(outline))
        parent = _parent(level, properties, outline, parents, source, origin, where, found)
        names = {
            "zh": fill(level.name.zh, properties, origin, where),
            "en": fill(level.name.en, properties, origin, where),
        }
        value = _value(grid, level.level, parent, names, outline)
        if level.households:
            value["households"] = int(fill(level.households, properties, origin, where))
        found.shapes[grid] = outline
        found.grids.append(raw(value))


def _parent(
    level: Level,
    properties: dict[str, Any],
    outline: BaseGeometry,
    parents: list[str],
    source: Source,
    origin: Origin,
    where: str,
    found: Territory,
) -> str:
    if not parents:
        return source.config.grids.root.id
    if level.parent:
        parent = fill(level.parent, properties, origin, where)
    else:
        point = outline.representative_point()
        parent = next((p for p in parents if found.shapes[p].covers(point)), "")
    if parent not in parents:
        message = f"{where} has no parent: {parent!r} is no grid of the level above"
        raise refuse("parent_missing", origin, message, "correct the parent template or leave it")
    return parent


def _features(path: Path, origin: Origin) -> Iterator[tuple[str, dict[str, Any], BaseGeometry]]:
    try:
        collection = json.loads(path.read_text(encoding="utf-8-sig"))
        features = collection["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{path.name} is no GeoJSON feature collection: {error}"
        raise refuse("not_geojson", origin, message, "export the level as GeoJSON") from error
    _check_degrees(collection, path, origin)
    for number, feature in enumerate(features, start=1):
        where = f"{path.name} feature {number}"
        geometry = feature.get("geometry")
        if not geometry or geometry.get("type") not in ("Polygon", "MultiPolygon"):
            hint = "give it a polygon or leave it out with 'where'"
            raise refuse("not_an_area", origin, f"{where} is no area", hint)
        outline = shape(geometry)
        west, south, east, north = outline.bounds
        if west < -180 or east > 180 or south < -90 or north > 90:
            hint = "convert the file to WGS-84 longitude and latitude"
            raise refuse("not_degrees", origin, f"{where} is not in degrees", hint)
        yield where, feature["properties"], outline


def _check_degrees(collection: dict[str, Any], path: Path, origin: Origin) -> None:
    crs = str(((collection.get("crs") or {}).get("properties") or {}).get("name") or "CRS84")
    if not crs.endswith(_DEGREES):
        hint = "convert the file to WGS-84 longitude and latitude"
        raise refuse("not_wgs84", origin, f"{path.name} is in {crs}", hint)


def _areas(outline: BaseGeometry) -> BaseGeometry:
    """The areas of a repaired outline; lines and points left over by the repair are dropped."""
    parts = getattr(outline, "geoms", [outline])
    areas = [part for part in parts if part.geom_type in ("Polygon", "MultiPolygon")]
    return shapely.union_all(areas)
