"""GCJ-02 passed off as WGS-84: found out by the parent's outline, and never where there is none."""

import json
from math import cos, radians
from typing import Any

import numpy as np
import prcoords
import pytest
import shapely
from shapely import affinity
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from case_contracts.district import Raw
from civicgrid.district_dir import read_district
from civicgrid.local.paths import checkout
from registry.domain.plan import Plan, plan
from registry.domain.validation.datum import misfit, to_wgs84
from registry.domain.validation.ground import Checks
from tests.unit.registry.land import files
from tests.unit.registry.small import DISTRICT, bundle

SAMPLE = checkout() / "deploy" / "sample"
# WGS-84 longitude and latitude; metres east and north by which GCJ-02 lies beside it, as three
# independent programs reckon it (prcoords, eviltransform and coord-convert agree to a decimetre).
PLACES = [
    ((116.397428, 39.90923), (534, 156)),  # Beijing
    ((121.4737, 31.2304), (431, -215)),  # Shanghai
    ((113.6, 34.7), (553, -138)),  # Zhengzhou
]
METRES = 111_320.0


def to_gcj02(outline: BaseGeometry) -> BaseGeometry:
    def moved(points: Any) -> Any:
        places = [prcoords.wgs_gcj((lat, lon), False) for lon, lat in points.tolist()]
        return np.array([(place.lon, place.lat) for place in places])

    return shapely.transform(outline, moved)


def pushed(outline: BaseGeometry, east: float, north: float) -> BaseGeometry:
    return affinity.translate(outline, east, north)


def redraw(raw: Raw, outline: BaseGeometry) -> None:
    raw.value["geometry"] = json.loads(json.dumps(mapping(outline)))


@pytest.mark.parametrize(("place", "metres"), PLACES)
def test_the_shift_and_the_way_back(
    place: tuple[float, float], metres: tuple[float, float]
) -> None:
    there = to_gcj02(shapely.Point(place))
    east = (shapely.get_x(there) - place[0]) * METRES * cos(radians(place[1]))
    north = (shapely.get_y(there) - place[1]) * METRES
    assert (round(east), round(north)) == pytest.approx(metres, abs=4)
    back = to_wgs84(there)
    assert shapely.distance(back, shapely.Point(place)) * METRES < 0.05


def shifted(level: str, only: int | None = None) -> Plan:
    """The sample with the grids of one level (or the first so many) drawn in GCJ-02."""
    read = read_district(SAMPLE)
    done = 0
    for raw in read.grids:
        if raw.value["level"] == level and (only is None or done < only):
            done += 1
            redraw(raw, to_gcj02(shape(raw.value["geometry"])))
    return plan(read, {}, DISTRICT)


@pytest.fixture(scope="module")
def streets() -> Plan:
    return shifted("street")


def test_a_level_drawn_in_gcj02_is_one_error_with_both_shares(streets: Plan) -> None:
    [error] = [e for e in streets.errors if e.grids[-1] == "410199"]
    assert error.code == "coordinates_gcj02"
    assert error.origin is not None
    assert error.origin.file == "grids/street.geojson"
    assert "does not match; converted from GCJ-02 it is 0.0%" in error.message
    assert "convert the outlines from GCJ-02 to WGS-84" in error.hint


def test_a_single_grid_drawn_in_gcj02_is_found() -> None:
    found = shifted("unit", only=1)
    [error] = found.errors
    assert (error.code, error.grids) == ("coordinates_gcj02", ("410199001001101", "4101990010011"))


def test_it_can_be_turned_off(streets: Plan) -> None:
    read = read_district(SAMPLE)
    for raw in read.grids:
        if raw.value["level"] == "street":
            redraw(raw, to_gcj02(shape(raw.value["geometry"])))
    found = plan(read, {}, DISTRICT, Checks(gcj02=False))
    assert found.errors == []
    assert "outside_parent" in {warning.code for warning in found.warnings}


def test_what_is_only_drawn_badly_is_not_blamed_on_a_datum() -> None:
    """Whichever way a unit of the chessboard is pushed, other than as GCJ-02 does."""
    for east, north in ((-1, 0), (0, 1), (-1, 1), (2, 2)):
        read = bundle(files())
        for raw in read.grids:
            if raw.value["level"] == "unit":
                redraw(raw, pushed(shape(raw.value["geometry"]), east / 200, north / 200))
        found = plan(read, {}, DISTRICT)
        assert found.errors == []
        assert "outside_parent" in {warning.code for warning in found.warnings}


def test_the_misfit_counts_gaps_overlaps_and_what_lies_outside() -> None:
    whole = shapely.box(0, 0, 4, 1)
    assert misfit(whole, [shapely.box(0, 0, 2, 1), shapely.box(2, 0, 4, 1)]) == 0
    assert misfit(whole, [shapely.box(0, 0, 2, 1)]) == pytest.approx(0.5)
    assert misfit(whole, [shapely.box(0, 0, 3, 1), shapely.box(2, 0, 4, 1)]) == pytest.approx(0.25)
    assert misfit(whole, [whole, shapely.box(4, 0, 5, 1)]) == pytest.approx(0.25)
