"""Splitting, merging, drawing anew, moving, creating, retiring: what is published, and what not."""

from typing import Any

import pytest

from case_contracts.events.registry import GridPublished, PostingEnded
from case_contracts.values import Text
from registry.domain.territory.merging import Into, merge
from registry.domain.territory.moving import move
from registry.domain.territory.planning import Draw
from registry.domain.territory.reshaping import Drawn, reshape
from registry.domain.territory.retiring import retire
from registry.domain.territory.sketch import place
from registry.domain.territory.splitting import Part, split
from tests.unit.registry.land import (
    Known,
    codes,
    draw,
    land,
    made,
    square,
    territory,
    together,
)

NAME = Text(zh="新", en="New")


@pytest.fixture(scope="module")
def known() -> Known:
    return land()


def parts(*given: tuple[str, dict[str, Any]]) -> list[Part]:
    return [Part(code, NAME, outline, 4) for code, outline in given]


SOUTH, NORTH = square(0, 0, 2, 2), square(0, 2, 2, 4)
GOOD = parts(("n1", SOUTH), ("n2", NORTH))


def splitting(code: str, wanted: list[Part], *postings: dict[str, Any]) -> Draw:
    return lambda sketch: split(sketch, code, wanted, postings)


def drawing(*drawn: Drawn, create: bool = False) -> Draw:
    return lambda sketch: reshape(sketch, drawn, create=create)


def drawn(code: str, outline: dict[str, Any] | None = None, **more: Any) -> Drawn:
    return Drawn(code, place(code), outline, **more)


def test_a_split_ends_the_grid_and_begins_its_parts(known: Known) -> None:
    posting = {"posting": "posting:n1:1", "person": "p-9", "role": "worker", "grid": "n1",
               "accountable": True}  # fmt: skip
    after = made(known, 10, splitting("u000", GOOD, posting), now=3)
    before, then = territory(after, 9), territory(after, 10)
    assert ("u000" in before.grids, "n1" in before.grids) == (True, False)
    assert ("u000" in then.grids, "n1" in then.grids, "n2" in then.grids) == (False, True, True)
    n1 = then.grid("n1")
    assert n1 is not None
    assert (n1.path, n1.level, n1.parent) == (("41", "s0", "c00"), "unit", "c00")
    [ended] = [e for e in after["posting:u000:1"] if isinstance(e, PostingEnded)]
    assert ended.valid_to == then.when
    assert len(after["posting:n1:1"]) == 1


def test_a_split_says_who_ends_with_it_and_where_nobody_follows(known: Known) -> None:
    found = draw(known, 10, splitting("u000", GOOD))
    assert [(s.aggregate, [type(e).__name__ for e in s.events]) for s in found.plan.steps] == [
        ("grid:u000", ["GridRetired"]),
        ("grid:n1", ["GridPublished"]),
        ("grid:n2", ["GridPublished"]),
        ("posting:u000:1", ["PostingEnded"]),
    ]
    assert [w.code for w in found.plan.warnings] == ["nobody_accountable"] * 2
    assert "<svg" in (found.map or "")
    assert "n1" in (found.map or "")


WRONG_SPLITS = [
    ("u000", parts(("n1", SOUTH), ("n2", square(0, 2, 2, 3.9))), "ground_changes"),
    ("u000", parts(("n1", SOUTH), ("n2", square(0, 2, 2.1, 4))), "ground_changes"),
    ("u000", parts(("n1", square(0, 0, 2, 2.2)), ("n2", NORTH)), "parts_overlap"),
    ("u000", parts(("u001", SOUTH), ("n2", NORTH)), "code_used"),
    ("u000", parts(("n1", SOUTH), ("n1", NORTH)), "code_used"),
    ("u999", GOOD, "grid_unknown"),
    ("41", GOOD, "root_stays"),
    ("u000", parts(("n1", {"type": "Point", "coordinates": [1, 2]}), ("n2", NORTH)),
     "outline_malformed"),
    ("s1", parts(("n1", square(4, 0, 8, 4)), ("n2", square(4, 4, 8, 8))), "charter_on_grid"),
    ("c00", parts(("n1", square(0, 0, 1, 4)), ("n2", square(1, 0, 4, 4))), "child_straddles"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "wanted", "error"), WRONG_SPLITS)
def test_a_split_that_is_refused(known: Known, code: str, wanted: list[Part], error: str) -> None:
    found = draw(known, 10, splitting(code, wanted))
    assert codes(found) == [error], [e.message for e in found.plan.errors]
    assert found.plan.steps == []
    assert all(e.hint and e.origin for e in found.plan.errors)


def test_a_charter_on_a_grid_that_ends_is_named(known: Known) -> None:
    wanted = parts(("n1", square(4, 0, 8, 4)), ("n2", square(4, 4, 8, 8)))
    [error] = draw(known, 10, splitting("s1", wanted)).plan.errors
    assert "charter:water" in error.message
    assert "grant it on the grids that come" in error.hint


def test_a_street_is_split_and_all_under_it_begins_anew(known: Known) -> None:
    wanted = parts(("n1", square(0, 0, 4, 4)), ("n2", square(0, 4, 4, 8)))
    after = made(known, 10, splitting("s0", wanted))
    then = territory(after, 10)
    paths = {code: grid.path for code in then.grids if (grid := then.grid(code))}
    assert paths["c00"] == ("41", "n1")
    assert paths["c01"] == ("41", "n2")
    assert paths["u011"] == ("41", "n2", "c01")
    assert territory(after, 9).grid("u011") == territory(known, 9).grid("u011")
    assert len(after["posting:u011:1"]) == 1, "people stay where they are"


def test_the_past_is_not_changed(known: Known) -> None:
    assert codes(draw(known, 5, splitting("u000", GOOD), now=6)) == ["in_the_past"]


def test_what_is_decided_for_later_is_not_undone_in_passing(known: Known) -> None:
    after = made(known, 20, splitting("u000", GOOD))
    other = splitting("u000", parts(("n3", SOUTH), ("n4", NORTH)))
    assert codes(draw(after, 10, other)) == ["changed_later"]
    assert codes(draw(after, 20, splitting("n1", GOOD))) == ["changed_later"]
    fresh = splitting("u001", parts(("n1", square(2, 0, 4, 2)), ("n5", square(2, 2, 4, 4))))
    assert codes(draw(after, 10, fresh)) == ["code_used"]
    assert codes(draw(after, 10, lambda sketch: retire(sketch, "c00"))) == ["has_children"]


def test_a_merge_into_one_of_them(known: Known) -> None:
    found = draw(known, 10, lambda s: merge(s, ["u000", "u001"], Into("u000")))
    assert found.plan.errors == []
    assert [s.aggregate for s in found.plan.steps] == ["grid:u001", "grid:u000", "posting:u001:1"]
    [event] = found.plan.steps[1].events
    assert isinstance(event, GridPublished)
    assert (event.households, event.valid_to) == (16, None)
    assert found.plan.warnings == []


def test_a_merge_of_communities_takes_their_children(known: Known) -> None:
    after = made(known, 10, lambda s: merge(s, ["c00", "c01"], Into("n1", NAME)))
    then = territory(after, 10)
    assert then.children["n1"] == ["u000", "u001", "u010", "u011"]
    assert then.grid("u010").path == ("41", "s0", "n1")  # type: ignore[union-attr]
    assert not {"c00", "c01"} & set(then.grids)


def test_a_merge_that_is_refused(known: Known) -> None:
    assert codes(draw(known, 10, lambda s: merge(s, ["u000", "u010"], Into("n1")))) == [
        "parents_differ"
    ]
    assert codes(draw(known, 10, lambda s: merge(s, ["u000", "u001"], Into("u100")))) == [
        "code_used"
    ]
    assert codes(draw(known, 10, lambda s: merge(s, ["u000", "u000"], Into("n1")))) == ["code_used"]


def test_a_new_border_between_neighbours(known: Known) -> None:
    after = made(known, 10, drawing(drawn("u000", square(0, 0, 1, 4)),
                                    drawn("u001", square(1, 0, 4, 4))))  # fmt: skip
    then, before = territory(after, 10), territory(after, 9)
    assert then.outline("u001").area == pytest.approx(1.5 * before.outline("u001").area)
    assert len(after["posting:u000:1"]) == 1, "people stay where they are"


def test_a_border_between_communities_with_the_unit_that_changes_sides(known: Known) -> None:
    after = made(
        known, 10,
        drawing(
            drawn("c00", square(2, 0, 4, 4)),
            drawn("c01", together(square(0, 4, 4, 8), square(0, 0, 2, 4))),
            drawn("u000", parent="c01"),
        ),
    )  # fmt: skip
    assert territory(after, 10).children["c01"] == ["u000", "u010", "u011"]


def test_a_new_border_that_is_refused(known: Known) -> None:
    small = drawn("u000", square(0, 0, 1, 4))
    assert codes(draw(known, 10, drawing(small))) == ["ground_changes"]
    wide = drawn("c00", square(0, 0, 4, 5))
    assert codes(draw(known, 10, drawing(wide, drawn("c01", square(0, 5, 4, 8))))) == [
        "child_outside", "child_outside",
    ]  # fmt: skip
    over = drawing(drawn("u001", square(2, 0, 5, 4)), drawn("u100", square(5, 0, 6, 4)))
    assert codes(draw(known, 10, over)) == ["child_outside"]
    assert codes(draw(known, 10, drawing(drawn("n7", SOUTH)))) == ["grid_unknown"]


def test_a_move_takes_the_ground_along(known: Known) -> None:
    after = made(known, 10, lambda s: move(s, "u010", "c00"))
    then = territory(after, 10)
    assert then.children["c00"] == ["u000", "u001", "u010"]
    assert then.outline("c00").area == pytest.approx(1.5 * then.outline("c11").area)
    assert (then.grid("c00").households, then.grid("c01").households) == (24, 8)  # type: ignore[union-attr]


def test_a_move_into_another_street(known: Known) -> None:
    after = made(known, 10, lambda s: move(s, "c01", "s1"))
    then = territory(after, 10)
    assert then.grid("u011").path == ("41", "s1", "c01")  # type: ignore[union-attr]
    assert then.outline("s0").area * 3 == pytest.approx(then.outline("s1").area)


def test_a_move_with_new_codes_takes_people_along(known: Known) -> None:
    after = made(known, 10, lambda s: move(s, "c01", "s1"), c01="c19", u010="u190", u011="u191")
    then = territory(after, 10)
    assert then.children["c19"] == ["u190", "u191"]
    assert not {"c01", "u010", "u011"} & set(then.grids)
    last = after["posting:u010:1"][-1]
    assert (last.grid, last.person) == ("u190", "p-010")  # type: ignore[attr-defined]


def test_a_move_that_is_refused(known: Known) -> None:
    for target, error in (("c00", "parent_same"), ("s1", "parent_level"), ("c99", "grid_unknown")):
        assert codes(draw(known, 10, lambda s, t=target: move(s, "u000", t))) == [error]  # type: ignore[misc]
    once = made(known, 10, lambda s: move(s, "u000", "c01"))
    assert codes(draw(once, 20, lambda s: move(s, "u001", "c01"))) == ["nothing_left"]
    far = draw(known, 10, lambda s: move(s, "u000", "c11"))
    assert {w.code for w in far.plan.warnings} == {"not_adjacent"}


def test_an_end_leaves_a_gap_and_says_so(known: Known) -> None:
    found = draw(known, 10, lambda s: retire(s, "u000"))
    assert found.plan.errors == []
    [warning] = found.plan.warnings
    assert (warning.code, warning.grids) == ("gap_in_parent", ("c00",))
    assert "50.0%" in warning.message


def test_an_import_creates_what_is_new_on_free_ground(known: Known) -> None:
    free = made(known, 10, lambda s: retire(s, "u000"))
    new = drawn("u009", square(0, 0, 2, 4), level="unit", parent="c00", name=NAME)
    found = draw(free, 20, drawing(new, drawn("u001"), create=True))
    assert [s.aggregate for s in found.plan.steps] == ["grid:u009"]
    assert [w.code for w in found.plan.warnings] == ["nobody_accountable"]
    taken = drawn("u008", SOUTH, level="unit", parent="c00", name=NAME)
    assert codes(draw(known, 10, drawing(taken, create=True))) == ["on_neighbour"]
    bare = drawn("u008", SOUTH, level="unit")
    assert codes(draw(free, 20, drawing(bare, create=True))) == ["field_missing"]
    wrong = drawn("c00", square(0, 0, 4, 4), level="unit")
    assert codes(draw(known, 10, drawing(wrong, create=True))) == ["level_changes"]
    away = drawn("u008", square(1, 0, 2, 5), level="unit", parent="c00", name=NAME)
    assert "child_outside" in codes(draw(free, 20, drawing(away, create=True)))


def test_the_same_import_again_is_nothing(known: Known) -> None:
    same = drawn("u000", square(0, 0, 2, 4), level="unit", parent="c00", households=8)
    found = draw(known, 10, drawing(same, create=True))
    assert (found.plan.errors, found.plan.steps) == ([], [])


@pytest.mark.parametrize(
    "coordinates",
    [
        [[["113", "34"], ["114", "34"], ["114", "35"], ["113", "34"]]],
        [[[10**400, 34], [114, 34], [114, 35], [113, 34]]],
        [[[float("nan"), 34], [114, 34], [114, 35], [113, 34]]],
        [[[113, 34], [114, 34], [114, 35], [113, 34]], [[1, 2]]],
        {"$ne": ""}, 7, None, [], [[]], [[[]]],
    ],
)  # fmt: skip
def test_what_is_no_outline_is_an_error_and_nothing_worse(
    known: Known, coordinates: object
) -> None:
    odd = {"type": "Polygon", "coordinates": coordinates}
    found = draw(known, 10, splitting("u000", parts(("n1", odd), ("n2", NORTH))))
    assert codes(found) == ["outline_malformed"]
    assert found.map is None or "<svg" in found.map
