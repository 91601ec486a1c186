"""The map of a ground: nothing in a row, or in two maps together, gives a small count away."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events.registry import GridPublished
from case_contracts.values import Text
from registry.domain.household_map import Row, household_map
from registry.domain.needs import LABELS, NeedKind

KINDS = [kind.value for kind in NeedKind]
LEAVES = ("a1", "a2", "b1", "b2", "b3")


def grid(code: str, path: tuple[str, ...], households: int | None) -> GridPublished:
    return GridPublished(
        grid=code, level="xyz"[len(path)], parent=path[-1] if path else None, path=path,
        name=Text(zh=code, en=code), geometry={}, households=households,
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def ground(households: int | None = 200) -> list[GridPublished]:
    return [
        grid("d", (), None), grid("a", ("d",), None), grid("b", ("d",), None),
        *(grid(leaf, ("d", leaf[0]), households) for leaf in LEAVES),
    ]  # fmt: skip


leaf_counts = st.fixed_dictionaries({leaf: st.integers(0, 14) for leaf in LEAVES})
counted = st.fixed_dictionaries(dict.fromkeys(KINDS, leaf_counts))


def rows_of(counts: dict[str, dict[str, int]]) -> dict[str, Row]:
    return {row.grid.grid: row for row in household_map(ground(), counts)}


@given(counted)
@settings(max_examples=60)
def test_no_equation_of_the_map_has_one_unknown(counts: dict[str, dict[str, int]]) -> None:
    """Children against their parent, and the kinds of a row against its total."""
    rows = rows_of(counts)
    for row in rows.values():
        assert sum(count is None for count in (*row.needs.values(), row.total)) != 1
        children = [r for r in rows.values() if r.grid.parent == row.grid.grid]
        for kind in KINDS if children else ():
            unknown = [each.needs[kind] for each in (row, *children)].count(None)
            assert unknown != 1, f"{kind} of {row.grid.grid}"


@given(counted)
@settings(max_examples=60)
def test_a_total_tells_nothing_that_the_kinds_do_not(counts: dict[str, dict[str, int]]) -> None:
    for row in rows_of(counts).values():
        told = [count for count in row.needs.values() if count is not None]
        assert row.total == (sum(told) if len(told) == len(KINDS) else None)
        assert all(count >= 5 for count in told)
        assert set(row.suppressed) == {kind for kind, count in row.needs.items() if count is None}


def test_what_is_many_is_shown() -> None:
    rows = rows_of({kind: dict.fromkeys(LEAVES, 7) for kind in KINDS})
    assert rows["d"].needs == dict.fromkeys(KINDS, 35)
    assert (rows["b1"].total, rows["b1"].suppressed) == (28, ())


def test_nothing_and_few_look_alike() -> None:
    rows = rows_of({"lives-alone": {"a1": 9, "b1": 2, "b2": 9, "b3": 9}})
    assert {row.needs["other-service"] for row in rows.values()} == {None}
    assert rows["a2"].needs["lives-alone"] is rows["b1"].needs["lives-alone"] is None
    assert rows["a1"].needs["lives-alone"] is None, "else a2 would be the difference"
    assert rows["d"].needs["lives-alone"] == 29


def test_a_grid_of_few_households_is_not_shown_nor_told_by_its_neighbours() -> None:
    grids = [each if each.grid != "a1" else grid("a1", ("d", "a"), 3) for each in ground()]
    rows = {row.grid.grid: row for row in household_map(grids, {})}
    assert (rows["a1"].households, rows["a2"].households) == (None, None)
    assert rows["b1"].households == 200
    assert "households" in rows["a1"].suppressed
    unknown = household_map(ground(households=None), {})
    assert all(row.households is None and "households" not in row.suppressed for row in unknown)


def test_each_kind_has_a_label_in_both_languages() -> None:
    assert set(LABELS) == set(NeedKind)
    assert len({label.zh for label in LABELS.values()}) == len(Counter(LABELS)) == 4
