"""A district on a chessboard, so that every border is exact: changes are planned and applied."""

from datetime import UTC, datetime, timedelta
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from case_contracts.events.base import EventData
from case_contracts.events.registry import GridPublished
from registry.domain.plan import Plan, plan
from registry.domain.territory.outlined import areas, geojson
from registry.domain.territory.planning import Decided, Draw, Redrawn, plan_territory
from registry.domain.territory.standing import Standing, standing_at
from service_kit.validity import Span
from tests.unit.registry.small import CHARTERS, DISTRICT, FILES, bundle, collection, edited

SIZE = 8
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
Known = dict[str, list[EventData]]


def day(number: int) -> datetime:
    return SINCE + timedelta(days=number)


def square(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    """A rectangle; one unit is a hundredth of a degree, so that it lies in one place on earth."""
    drawn = shapely.box(113 + west / 64, 34 + south / 64, 113 + east / 64, 34 + north / 64)
    return {"type": "Polygon", "coordinates": [[list(each) for each in drawn.exterior.coords]]}


def feature(grid: str, parent: str | None, outline: dict[str, Any], households: int = 8) -> str:
    above = f'"{parent}"' if parent else "null"
    drawn = str(outline).replace("'", '"')
    return (
        f'{{"type":"Feature","properties":{{"grid":"{grid}","parent":{above},'
        f'"name_zh":"{grid}","name_en":"{grid}","households":{households}}},'
        f'"geometry":{drawn}}}'
    )


def files() -> dict[str, str]:
    """A district with two streets beside each other, two communities in each, two units in
    each of these."""
    head = edited(
        "district.yaml", "[district, street, unit]", "[district, street, community, unit]"
    )
    streets, communities, units = [], [], []
    for s in range(2):
        streets.append(feature(f"s{s}", "41", square(4 * s, 0, 4 * s + 4, 8), 32))
        for c in range(2):
            name = f"c{s}{c}"
            south = 4 * c
            communities.append(
                feature(name, f"s{s}", square(4 * s, south, 4 * s + 4, south + 4), 16)
            )
            units += [
                feature(f"u{s}{c}{u}", name,
                        square(4 * s + 2 * u, south, 4 * s + 2 * u + 2, south + 4))
                for u in range(2)
            ]  # fmt: skip
    rows = [
        f"posting:u{s}{c}{u}:1,p-{s}{c}{u},worker,u{s}{c}{u},true,,,"
        for s in range(2) for c in range(2) for u in range(2)
    ]  # fmt: skip
    texts = {name: text for name, text in FILES.items() if not name.startswith("grids/")}
    return texts | {
        "district.yaml": head["district.yaml"],
        "charters.yaml": CHARTERS.replace("'4101'", "'s1'"),
        "postings.csv": "\n".join([FILES["postings.csv"].splitlines()[0], *rows]) + "\n",
        "grids/district.geojson": collection(feature("41", None, square(0, 0, 8, 8), 64)),
        "grids/street.geojson": collection(*streets),
        "grids/community.geojson": collection(*communities),
        "grids/unit.geojson": collection(*units),
    }


def land() -> Known:
    """All that is published of it."""
    known: Known = {}
    first = plan(bundle(files()), {}, DISTRICT)
    assert (first.errors, first.warnings) == ([], [])
    return apply(known, first)


def apply(known: Known, planned: Plan) -> Known:
    for step in planned.steps:
        known.setdefault(step.aggregate, []).extend(step.events)
    return known


def draw(known: Known, at: int, wanted: Draw, *, now: int | None = None, **codes: str) -> Redrawn:
    """What the change comes to, decided on day ``now`` for day ``at``."""
    decided = Decided(day(at if now is None else now), day(at), codes)
    return plan_territory(known, DISTRICT, decided, wanted)


def made(known: Known, at: int, wanted: Draw, *, now: int | None = None, **codes: str) -> Known:
    """What is published afterwards; the change must be in order."""
    found = draw(known, at, wanted, now=now, **codes)
    assert found.plan.errors == []
    return apply({key: list(events) for key, events in known.items()}, found.plan)


def codes(found: Redrawn) -> list[str]:
    return [error.code for error in found.plan.errors]


def territory(known: Known, at: int) -> Standing:
    return standing_at(known, day(at))


def outline(span: Span[EventData]) -> BaseGeometry:
    assert isinstance(span.data, GridPublished)
    found: BaseGeometry = shape(span.data.geometry)
    return found


def halves(geometry: BaseGeometry, *, upright: bool, share: float = 0.5) -> list[dict[str, Any]]:
    """The parts of an outline, cut at a share of its extent; it may all lie on one side."""
    west, south, east, north = geometry.bounds
    x, y = west + (east - west) * share, south + (north - south) * share
    one = shapely.box(west, south, x, north) if upright else shapely.box(west, south, east, y)
    cut = [areas(geometry.intersection(one)), areas(geometry.difference(one))]
    return [geojson(part) for part in cut if part.area > 0]


def together(*outlines: dict[str, Any]) -> dict[str, Any]:
    """The union of some outlines."""
    return geojson(shapely.union_all([shape(each) for each in outlines]))
