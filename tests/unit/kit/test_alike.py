"""What is near in place and time, found by cells, is what measuring every pair finds."""

from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.alike import Located, Nearby, compare, metres_between
from service_kit.alike.likeness import METRES_PER_DEGREE

METRES, HOURS = 50.0, 72.0
AT = 1_767_225_600.0
Offsets = list[tuple[float, float, float, str]]


def placed(
    number: int, east: float, north: float, hours: float = 0.0, matter: str = "part/a/b",
    lon: float = 113.6, lat: float = 34.7,
) -> Located:  # fmt: skip
    """So many metres east and north of a place."""
    there = (lon + east / METRES_PER_DEGREE / cos(radians(lat)) + 180) % 360 - 180
    return Located(
        f"report:{number}", f"case:{number}", matter, there, lat + north / METRES_PER_DEGREE,
        AT + hours * 3600,
    )  # fmt: skip


offset = st.floats(-200, 200)
several = st.lists(
    st.tuples(offset, offset, st.floats(-100, 100), st.sampled_from(["part/a/b", "part/a/c"])),
    max_size=25,
)


@given(several, st.sampled_from([-180.0, -0.0005, 113.6, 179.9999]), st.floats(-70, 70))
def test_cells_find_what_measuring_every_pair_finds(
    offsets: Offsets, lon: float, lat: float
) -> None:
    new = placed(0, 0, 0, lon=lon, lat=lat)
    index = Nearby()
    others = [placed(n, *around, lon=lon, lat=lat) for n, around in enumerate(offsets, start=1)]
    for other in others:
        index.add(other)
    pairs = [(other, compare(new, other, METRES, HOURS)) for other in others]
    wanted = {other.case for other, alike in pairs if alike and other.matter == new.matter}
    found = index.alike(new, METRES, HOURS)
    assert {alike.older.case for alike in found} == wanted
    assert [a.score for a in found] == sorted((a.score for a in found), reverse=True)


@given(offset, offset, st.floats(-100, 100))
def test_the_score_is_one_only_at_the_same_place_and_moment(
    east: float, north: float, hours: float
) -> None:
    new, other = placed(0, 0, 0), placed(1, east, north, hours)
    alike, mirrored = compare(new, other, METRES, HOURS), compare(other, new, METRES, HOURS)
    assert (alike is None) == (mirrored is None)
    if alike is not None and mirrored is not None:
        assert 0 <= alike.score <= 1
        assert alike.score == pytest.approx(mirrored.score)
        assert alike.score < 1 or (alike.metres < 0.01 and alike.hours < 0.01)


def test_nearer_and_sooner_is_more_alike() -> None:
    new = placed(0, 0, 0)
    scores = [
        (compare(new, placed(1, east, 0, hours), METRES, HOURS) or pytest.fail("not near")).score
        for east, hours in [(0, 0), (5, 0), (5, 24), (20, 24), (20, 70)]
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1


def test_a_metre_is_a_metre() -> None:
    assert metres_between(placed(0, 0, 0), placed(1, 30, 40)) == pytest.approx(50, rel=1e-3)
    assert compare(placed(0, 0, 0), placed(1, 50.2, 0), METRES, HOURS) is None
    assert compare(placed(0, 0, 0), placed(1, 49.8, 0), METRES, HOURS) is not None
    assert compare(placed(0, 0, 0), placed(1, 0, 0, 72.1), METRES, HOURS) is None


def test_what_is_dropped_or_too_old_is_found_no_longer() -> None:
    index = Nearby()
    for number, hours in enumerate((0, 10, 20)):
        index.add(placed(number, 0, 0, hours))
    index.drop("case:1")
    index.drop("case:1")
    index.forget(AT + 5 * 3600)
    new = placed(9, 0, 0, 21)
    assert [alike.older.case for alike in index.alike(new, METRES, HOURS)] == ["case:2"]
    assert len(index) == 1
    index.drop("case:2")
    assert (len(index), index.all(), index._cells) == (0, [], {})
