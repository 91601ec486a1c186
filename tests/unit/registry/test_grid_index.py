"""Point to grid: borders, gaps, levels, validity, and the bulk lookup against the single one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.registry import GridPublished, GridRetired
from service_kit.grids import GridIndex, UnknownGrid

T0 = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


def square(x: float, y: float, size: float = 1) -> dict[str, Any]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def grid(code: str, outline: dict[str, Any], *path: str, **dates: datetime) -> GridPublished:
    level = ("district", "street", "unit")[len(path)]
    placed = {"grid": code, "level": level, "parent": path[-1] if path else None, "path": path}
    name = {"zh": code, "en": code}
    return GridPublished.model_validate(
        {**placed, "name": name, "geometry": outline, "valid_from": T0, **dates}
    )


ROOT = grid("r", square(0, 0, 4))
STREET = grid("s", square(0, 0, 3), "r")
UNITS = [
    grid("u1", square(0, 0), "r", "s"),
    grid("u2", square(1, 0), "r", "s"),
    grid("u3", square(1, 1), "r", "s"),
]
INDEX = GridIndex.build([ROOT, STREET, *UNITS])
NOW = T0 + YEAR


def codes(index: GridIndex, lon: float, lat: float, when: datetime = NOW) -> list[str]:
    return [hit.grid for hit in index.at(lon, lat, when)]


def test_inside_a_unit_gives_the_unit_with_its_path() -> None:
    [hit] = INDEX.at(0.5, 0.5, NOW)
    assert (hit.grid, hit.level, hit.path) == ("u1", "unit", ("r", "s"))
    assert not hit.on_border


def test_on_a_border_gives_both_sides_and_says_so() -> None:
    hits = INDEX.at(1.0, 0.5, NOW)
    assert [h.grid for h in hits] == ["u1", "u2"]
    assert all(h.on_border for h in hits)


def test_on_a_corner_gives_all() -> None:
    assert codes(INDEX, 1.0, 1.0) == ["u1", "u2", "u3"]


def test_a_gap_falls_to_the_level_above() -> None:
    assert codes(INDEX, 2.5, 2.5) == ["s"]
    assert codes(INDEX, 3.5, 3.5) == ["r"]


def test_the_border_of_a_gap_gives_the_lowest_level_first() -> None:
    half = grid("s2", square(3, 0), "r")
    assert codes(GridIndex.build([ROOT, half, *UNITS]), 2.0, 0.5) == ["u2"]
    both = GridIndex.build([ROOT, half, grid("u9", square(2, 0), "r", "s")])
    assert codes(both, 3.0, 0.5) == ["u9", "s2"]


def test_overlapping_outlines_are_both_given() -> None:
    over = grid("x", square(0.5, 0), "r", "s")
    assert codes(GridIndex.build([ROOT, STREET, *UNITS, over]), 0.7, 0.5) == ["u1", "x"]


def test_outside_the_district() -> None:
    assert codes(INDEX, 9, 9) == []
    assert not INDEX.contains_district(9, 9, NOW)
    assert INDEX.contains_district(3.5, 3.5, NOW)


def test_nothing_is_valid_before_it_begins() -> None:
    assert codes(INDEX, 0.5, 0.5, T0 - timedelta(seconds=1)) == []
    assert codes(INDEX, 0.5, 0.5, T0) == ["u1"]


def test_a_later_decision_prevails_from_its_time_on() -> None:
    moved = grid("u1", square(2, 2), "r", "s", valid_from=NOW)
    index = GridIndex.build([ROOT, STREET, *UNITS, moved])
    assert codes(index, 0.5, 0.5, NOW - timedelta(seconds=1)) == ["u1"]
    assert codes(index, 0.5, 0.5, NOW) == ["s"]
    assert codes(index, 2.5, 2.5, NOW) == ["u1"]


def test_a_decision_for_a_time_leaves_before_and_after_alone() -> None:
    bypass = grid("u1", square(2, 2), "r", "s", valid_from=NOW, valid_to=NOW + YEAR)
    index = GridIndex.build([ROOT, STREET, *UNITS, bypass])
    assert [codes(index, 0.5, 0.5, t) for t in (T0, NOW, NOW + YEAR)] == [["u1"], ["s"], ["u1"]]


def test_retired_from_its_time_on() -> None:
    index = GridIndex.build([ROOT, STREET, *UNITS, GridRetired(grid="u1", valid_to=NOW)])
    assert index.known("u1", T0)
    assert not index.known("u1", NOW)
    assert codes(index, 0.5, 0.5) == ["s"]


def test_paths_and_unknown_grids() -> None:
    assert INDEX.path("u2", NOW) == ("r", "s")
    assert not INDEX.known("nowhere", NOW)
    with pytest.raises(UnknownGrid):
        INDEX.path("nowhere", NOW)
    with pytest.raises(UnknownGrid):
        INDEX.path("u2", T0 - YEAR)


def test_beside_a_grid_lie_those_of_its_depth_that_touch_it() -> None:
    gap = grid("u4", square(2 + 1e-6, 0), "r", "s")
    far = grid("u5", square(2.1, 1), "r", "s", valid_from=NOW)
    index = GridIndex.build([ROOT, STREET, *UNITS, gap, far])

    def beside(code: str, when: datetime = NOW) -> list[str]:
        return [each.grid for each in index.beside(code, when)]

    assert beside("u1") == ["u2", "u3"], "a corner counts, what lies above does not"
    assert beside("u2") == ["u1", "u3", "u4"], "a gap of a decimetre is none"
    assert beside("u5", T0) == beside("nowhere") == []


def test_an_index_without_grids_knows_no_place() -> None:
    empty = GridIndex.build([])
    assert empty.at(1, 1, NOW) == []
    assert empty.at_many([1, 2], [1, 2], NOW) == [[], []]


# Quarters hit corners and borders often.
quarters = st.integers(-2, 18).map(lambda n: n / 4)


@given(st.lists(st.tuples(quarters, quarters, st.sampled_from([T0 - YEAR, T0, NOW])), max_size=30))
def test_many_at_once_equals_one_by_one(places: list[tuple[float, float, datetime]]) -> None:
    lons, lats, whens = [p[0] for p in places], [p[1] for p in places], [p[2] for p in places]
    many = INDEX.at_many(lons, lats, whens)
    assert many == [INDEX.at(*place) for place in places]


@given(st.lists(st.tuples(quarters, quarters)), st.tuples(quarters, quarters))
def test_what_was_looked_up_together_is_as_one_by_one_at_any_time(
    places: list[tuple[float, float]], other: tuple[float, float]
) -> None:
    ended = grid("u1", square(0, 0, 2), "r", "s", valid_from=T0 - YEAR, valid_to=T0)
    plain = GridIndex.build([ROOT, STREET, *UNITS, ended])
    index = plain.looked_up(places)
    for when in (T0 - YEAR, T0, NOW):
        for place in (*places, other):
            assert index.at(*place, when) == plain.at(*place, when)


def test_places_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    index = INDEX.looked_up([(0.5, 0.5), (9, 9)])
    monkeypatch.setattr(index, "_tree", None)
    assert codes(index, 0.5, 0.5) == ["u1"]
    assert codes(index, 9, 9) == []


def test_times_must_be_as_many_as_places() -> None:
    with pytest.raises(ValueError, match="2 places but 1 times"):
        INDEX.at_many([1, 2], [1, 2], [NOW])


@pytest.mark.parametrize("metres", [1.0, 50.0, 2000.0])
def test_near_a_corner_of_four_nobody_is_picked(metres: float) -> None:
    """Four squares meet at a place; each has a quarter of the disc, and all have one rank."""
    corners = [(113.0, 34.0), (113.5, 34.0), (113.0, 34.5), (113.5, 34.5)]
    index = GridIndex.build(
        grid(f"g{n}", square(west, south, 0.5)) for n, (west, south) in enumerate(corners)
    )
    when = datetime(2026, 6, 1, tzinfo=UTC)
    found = index.near(113.5, 34.5, metres, when)
    assert [(near.hit.grid, near.rank) for near in found] == [(f"g{n}", 1) for n in range(4)]
    assert sum(near.share for near in found) == pytest.approx(1, abs=2e-3)
    assert all(near.hit.on_border for near in found)
    beside = index.near(113.5 + metres / 4e5, 34.5, metres, when)
    assert [near.rank for near in beside] == [1, 1, 3, 3]
    assert {near.hit.grid for near in beside[:2]} == {"g1", "g3"}
    assert index.near(113.5, 34.5, metres, datetime(2020, 1, 1, tzinfo=UTC)) == []
