"""Nobody who adds and subtracts over grids and kinds comes to a small count that is not shown.

The attacker tries every table that agrees with what is shown; it shares no code with the
suppression that it attacks.
"""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from service_kit.suppression import TOTAL, Tree, left_out, sums
from service_kit.suppression.network import Network
from service_kit.suppression.tables import Left

THRESHOLD, MOST = 3, 6
KINDS = ("a", "b")
Counts = dict[str, dict[str, int]]


@st.composite
def tables(draw: st.DrawFn) -> tuple[Tree, Counts]:
    """At most three lowest grids below one or two levels, with two kinds of cases."""
    parents = draw(st.sampled_from([[None, 0, 0], [None, 0, 0, 0], [None, 0, 0, 1, 1], [None, 0]]))
    tree = Tree([f"g{n}" for n in range(len(parents))], parents)
    leaves = [name for n, name in enumerate(tree.names) if not tree.children[n]]
    counts = {kind: {leaf: draw(st.integers(0, MOST)) for leaf in leaves} for kind in KINDS}
    return tree, counts


def worlds(tree: Tree, counts: Counts) -> dict[tuple[str, str], Any]:
    """Every cell in every table that there could be, larger ones than the true one included."""
    lowest = [(leaf, kind) for kind in KINDS for leaf in counts[kind]]
    sizes = [counts[kind][leaf] + THRESHOLD for leaf, kind in lowest]
    found: dict[tuple[str, str], Any] = dict(
        zip(lowest, np.indices(sizes).reshape(len(lowest), -1), strict=True)
    )
    for place in reversed(range(len(tree.names))):
        below = [tree.names[each] for each in tree.children[place]]
        for kind in KINDS if below else ():
            found[(tree.names[place], kind)] = sum(found[(name, kind)] for name in below)
    for name in tree.names:
        found[(name, TOTAL)] = sum(found[(name, kind)] for kind in KINDS)
    return found


def true_values(tree: Tree, counts: Counts) -> dict[tuple[str, str], int]:
    found = {
        (name, kind): value
        for kind in KINDS
        for name, value in zip(tree.names, sums(tree, counts[kind]), strict=True)
    }
    totals = {(n, TOTAL): sum(found[(n, kind)] for kind in KINDS) for n in tree.names}
    return found | totals


def told(tree: Tree, counts: Counts, left: Left) -> dict[tuple[str, str], int]:
    """How many values each cell that is left out could have."""
    every, true = worlds(tree, counts), true_values(tree, counts)
    possible = np.ones(len(every[(tree.names[0], TOTAL)]), dtype=bool)
    for (name, kind), value in true.items():
        if name not in left[kind]:
            possible &= every[(name, kind)] == value
    return {
        (name, kind): len(np.unique(every[(name, kind)][possible]))
        for kind, names in left.items()
        for name in names
    }


@settings(max_examples=150, deadline=None)
@given(tables())
def test_no_small_count_is_shown_or_can_be_computed(table: tuple[Tree, Counts]) -> None:
    tree, counts = table
    left, true = left_out(tree, counts, threshold=THRESHOLD), true_values(tree, counts)
    small = {cell for cell, value in true.items() if value < THRESHOLD}
    assert all(name in left[kind] for name, kind in small)
    ranges = told(tree, counts, left)
    assert all(ranges[cell] > 1 for cell in small)


def test_what_is_large_is_shown_where_nothing_small_is_beside_it() -> None:
    tree = Tree(["d", "c1", "c2"], [None, 0, 0])
    counts = {"event": {"c1": 40, "c2": 50}, "part": {"c1": 12, "c2": 9}}
    assert not any(left_out(tree, counts).values())


def test_a_small_count_takes_another_with_it_in_its_row_and_in_its_column() -> None:
    tree = Tree(["d", "c1", "c2", "c3"], [None, 0, 0, 0])
    counts = {
        "event": {"c1": 40, "c2": 50, "c3": 60},
        "part": {"c1": 2, "c2": 9, "c3": 30},
        "dispute": {"c1": 20, "c2": 30, "c3": 25},
    }
    left = left_out(tree, counts)
    assert "c1" in left["part"]
    assert len(left["part"]) > 1
    assert sum("c1" in gone for gone in left.values()) > 1
    assert "d" not in left[TOTAL]


def test_of_grids_that_are_never_shown_nothing_is() -> None:
    tree = Tree(["d", "c1", "rest"], [None, 0, 0])
    left = left_out(tree, {"event": {"c1": 40, "rest": 30}}, never=["rest"])
    assert "rest" in left["event"] & left[TOTAL]


def test_a_table_that_can_have_one_form_only_is_told_whole() -> None:
    tree = Tree(["d", "c1", "c2"], [None, 0, 0])
    some = {("c1", "a"): 1, ("c2", "a"): 0, ("c1", "b"): 3, ("c2", "b"): 4}
    assert set(Network(tree, some).told(some)) == set(), "one can go from each to the other"
    zero = {**some, ("c1", "a"): 0}
    assert set(Network(tree, zero).told(zero)) == set(zero), "kind a has none at all"
    alone = {("c1", "a"): 1, ("c2", "a"): 2, ("c1", TOTAL): 5}
    assert set(Network(tree, alone).told(alone)) == set(alone)
