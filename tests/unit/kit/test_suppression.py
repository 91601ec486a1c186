"""Nobody who adds and subtracts what is shown comes to what is not.

The attacker here tries every assignment of counts to the lowest grids and all kinds that agrees
with what is shown; it shares no code with the suppression that it attacks.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service_kit.suppression import Tree, bounds, hidden, sums

UNKNOWN = 10**6


def attack(
    tree: Tree, values: Sequence[int], left_out: frozenset[str], caps: Sequence[int]
) -> dict[str, int]:
    """How narrow a range the hidden cells can be told to: every possible world is looked at."""
    leaves = [place for place in range(len(tree.names)) if not tree.children[place]]
    worlds = np.indices([caps[leaf] + 1 for leaf in leaves]).reshape(len(leaves), -1)
    counts: dict[int, np.ndarray] = dict(zip(leaves, worlds, strict=True))
    for place in reversed(range(len(tree.names))):
        if tree.children[place]:
            counts[place] = sum(counts[child] for child in tree.children[place])  # type: ignore[assignment]  # not 0
    possible = np.ones(worlds.shape[1], dtype=bool)
    for place, name in enumerate(tree.names):
        possible &= counts[place] <= caps[place]
        if name not in left_out:
            possible &= counts[place] == values[place]
    assert possible.any(), "the true counts are one of the worlds"
    return {
        name: int(np.ptp(counts[place][possible]))
        for place, name in enumerate(tree.names)
        if name in left_out
    }


@st.composite
def trees(draw: st.DrawFn) -> tuple[Tree, dict[str, int], dict[str, int]]:
    """A tree of at most six lowest grids, their counts, and what readers know is the most."""
    size = draw(st.integers(2, 9))
    parents = [None, *(draw(st.integers(0, place - 1)) for place in range(1, size))]
    tree = Tree([f"g{n}" for n in range(len(parents))], parents)
    leaves = [name for n, name in enumerate(tree.names) if not tree.children[n]]
    most = {1: 12, 2: 12, 3: 12, 4: 12, 5: 8, 6: 6}.get(len(leaves), 4)
    counts = {leaf: draw(st.integers(0, most)) for leaf in leaves}
    caps = {leaf: draw(st.integers(counts[leaf], most)) for leaf in leaves}
    return tree, counts, caps


def known_caps(tree: Tree, counts: Mapping[str, int], caps: Mapping[str, int]) -> list[int]:
    values = sums(tree, counts)
    return [max(value, caps.get(name, UNKNOWN))
            for name, value in zip(tree.names, values, strict=True)]  # fmt: skip


@given(trees(), st.integers(2, 5))
@settings(max_examples=150, deadline=None)
def test_no_count_that_is_left_out_can_be_told(
    drawn: tuple[Tree, dict[str, int], dict[str, int]], threshold: int
) -> None:
    tree, counts, caps = drawn
    values, most = sums(tree, counts), known_caps(tree, counts, caps)
    left_out = hidden(tree, counts, caps, threshold)
    before = attack(tree, values, frozenset(tree.names), most)
    for name, width in attack(tree, values, left_out, most).items():
        assert width >= min(threshold, before[name]), f"{name} is told to within {width}"


@given(trees(), st.integers(2, 5))
def test_no_small_count_is_shown(
    drawn: tuple[Tree, dict[str, int], dict[str, int]], threshold: int
) -> None:
    tree, counts, caps = drawn
    left_out = hidden(tree, counts, caps, threshold)
    for name, value in zip(tree.names, sums(tree, counts), strict=True):
        assert value >= threshold or name in left_out


@given(trees(), st.data())
@settings(max_examples=100, deadline=None)
def test_the_bounds_are_what_trying_everything_finds(
    drawn: tuple[Tree, dict[str, int], dict[str, int]], data: st.DataObject
) -> None:
    tree, counts, caps = drawn
    shown = data.draw(st.lists(st.booleans(), min_size=len(tree.names), max_size=len(tree.names)))
    values, most = sums(tree, counts), known_caps(tree, counts, caps)
    found = bounds(tree, values, shown, most)
    left_out = frozenset(name for name, seen in zip(tree.names, shown, strict=True) if not seen)
    for name, width in attack(tree, values, left_out, most).items():
        assert found[tree.names.index(name)].width == width


FLAT = Tree(["all", "a", "b", "c"], [None, 0, 0, 0])


@pytest.mark.parametrize(
    ("counts", "left_out"),
    [
        ({"a": 9, "b": 8, "c": 7}, ""),
        ({"a": 9, "b": 8, "c": 2}, "bc"),
        ({"a": 9, "b": 8, "c": 0}, "bc"),
        ({"a": 9, "b": 4, "c": 4}, "bc"),
        ({"a": 9, "b": 1, "c": 1}, "abc"),
        ({"a": 1, "b": 1, "c": 1}, "all abc"),
    ],
)
def test_as_few_as_help_are_left_out(counts: dict[str, int], left_out: str) -> None:
    found = hidden(FLAT, counts, {})
    assert found == {*left_out.replace("all", ""), *(["all"] if "all" in left_out else [])} - {" "}


DEEP = Tree(["all", "x", "y", "x1", "x2", "y1", "y2"], [None, 0, 0, 1, 1, 2, 2])


@example({"x1": 2, "x2": 30, "y1": 20, "y2": 20})
@given(st.fixed_dictionaries({k: st.integers(0, 40) for k in ("x1", "x2", "y1", "y2")}))
def test_large_grids_beside_small_ones_are_still_counted_above(counts: dict[str, int]) -> None:
    """Leaving out happens as low as it can: sums of enough households stay to be seen."""
    left_out = hidden(DEEP, counts, {})
    if min(sums(DEEP, counts)[1:3]) >= 5 and counts["x2"] >= 5 and counts["x1"] >= 5:
        assert not left_out & {"x", "x1", "x2"} or min(counts["y1"], counts["y2"]) < 5
    if counts == {"x1": 2, "x2": 30, "y1": 20, "y2": 20}:
        assert left_out == {"x1", "x2"}
