"""The decision table of filing: what opens a case, and with what."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_contracts.events.intake import Filing, Rejection, Unclear
from case_contracts.values import Point
from intake.domain.errors import DistrictNotLoaded
from intake.domain.filing import Claim, Verdict, file_claim
from intake.domain.world import Standards, World
from service_kit.errors import Invalid
from service_kit.grids import GridIndex
from tests.support.small_district import (
    DISTRICT,
    EAST,
    FROM,
    GRIDS,
    IN_EAST,
    IN_WEST,
    LITTER,
    MANHOLE,
    NOISE,
    ON_BORDER,
    OUTSIDE,
    ROOT,
    WEST,
    box,
    grid,
    matter,
    standard,
)

NOW = datetime(2026, 1, 5, 1, 12, tzinfo=UTC)
WORLD = World(DISTRICT, GridIndex.build(GRIDS), Standards([standard()]))


def filed(
    matter: str = MANHOLE,
    condition: str | None = None,
    point: dict[str, float] | None = IN_WEST,
    at: datetime = NOW,
    world: World = WORLD,
    grid: str | None = None,
) -> Verdict:
    place = Point(**point) if point else None
    return file_claim(Claim(matter, condition, place, at, grid), world)


def a_filing(found: Verdict) -> Filing:
    assert isinstance(found, Filing)
    return found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, (WEST, True, "missing")),
        ({"condition": "loose"}, (WEST, True, "loose")),
        ({"point": IN_EAST}, (EAST, True, "missing")),
        ({"point": ON_BORDER}, (WEST, True, "missing")),
        ({"point": None}, (ROOT, False, "missing")),
        ({"matter": NOISE}, (WEST, True, "loud")),
        ({"matter": NOISE, "condition": "loud"}, (WEST, True, "loud")),
        ({"matter": LITTER, "condition": "heap"}, (WEST, True, "heap")),
        ({"point": OUTSIDE}, Rejection.OUTSIDE_DISTRICT),
        ({"matter": "event/street/ufo"}, Rejection.NOT_IN_STANDARD),
        ({"matter": "event/street/ufo", "point": OUTSIDE}, Rejection.OUTSIDE_DISTRICT),
        ({"condition": "heap"}, Rejection.CONDITION_NOT_IN_STANDARD),
        ({"matter": LITTER}, Unclear.CONDITION_NOT_SAID),
        ({"matter": ""}, Unclear.MATTER_NOT_SAID),
        ({"matter": "", "point": OUTSIDE}, Rejection.OUTSIDE_DISTRICT),
        ({"matter": LITTER, "point": OUTSIDE}, Rejection.OUTSIDE_DISTRICT),
        ({"point": None, "grid": EAST}, (EAST, True, "missing")),
        ({"point": IN_WEST, "grid": EAST}, (WEST, True, "missing")),
    ],
)
def test_the_table(said: dict[str, Any], expected: object) -> None:
    found = filed(**said)

    if isinstance(found, Filing):
        assert (found.grid, found.located, found.condition) == expected
    else:
        assert found is expected


def test_a_grid_that_there_never_was_is_no_place() -> None:
    with pytest.raises(Invalid) as refused:
        filed(point=None, grid="410199001001999")
    assert refused.value.code == "unknown_grid"


def test_the_path_leads_from_the_root_to_above_the_grid() -> None:
    assert a_filing(filed()).grid_path == (ROOT,)
    assert a_filing(filed(point=None)).grid_path == ()


def test_the_grid_is_the_one_valid_at_the_report_s_time() -> None:
    split = datetime(2025, 7, 1, tzinfo=UTC)
    grids = [
        GRIDS[0],
        grid("old", box(113.6, 113.61), FROM, split),
        grid(WEST, box(113.6, 113.605), split),
        grid(EAST, box(113.605, 113.61), split),
    ]
    world = World(DISTRICT, GridIndex.build(grids), Standards([standard()]))

    before, after = (filed(at=t, world=world) for t in (split - timedelta(seconds=1), split))
    assert (a_filing(before).grid, a_filing(after).grid) == ("old", WEST)


def test_the_standard_is_the_version_in_force_at_the_report_s_time() -> None:
    second = datetime(2025, 7, 1, tzinfo=UTC)
    newer = standard(2, second, [matter(MANHOLE, ["gone"])])
    world = World(DISTRICT, GridIndex.build(GRIDS), Standards([newer, standard()]))

    before, after = (a_filing(filed(at=t, world=world)) for t in (second - timedelta(1), second))
    assert (before.standard.version, before.condition) == (1, "missing")
    assert (after.standard.version, after.condition) == (2, "gone")


def test_history_older_than_the_first_version_has_that_one() -> None:
    world = World(DISTRICT, GridIndex.build(GRIDS), Standards([standard(3, NOW)]))
    long_ago = datetime(2021, 1, 1, tzinfo=UTC)

    assert a_filing(filed(at=long_ago, world=world)).standard.version == 3


def test_another_district_s_standard_is_not_taken() -> None:
    other = standard().model_copy(update={"standard": "elsewhere"})
    world = World(DISTRICT, GridIndex.build(GRIDS), Standards([other]))

    with pytest.raises(DistrictNotLoaded):
        filed(world=world)


@pytest.mark.parametrize(
    "world",
    [
        World(),
        World(None, WORLD.grids, WORLD.standards),
        World(DISTRICT, WORLD.grids, Standards([])),
        World(DISTRICT, GridIndex.build(GRIDS[1:]), WORLD.standards),
    ],
)
def test_nothing_is_said_of_a_district_that_has_not_arrived_whole(world: World) -> None:
    with pytest.raises(DistrictNotLoaded) as refused:
        filed(world=world)
    assert (refused.value.status, refused.value.retry) == (503, True)
