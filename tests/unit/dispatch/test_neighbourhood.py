"""What everybody is told of the cases around them, and what not."""

from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.domain.neighbourhood import CLASSES, Happened, Public, public
from dispatch.domain.shares import FEWEST, STEPS, shares
from dispatch.views.neighbourhood import months
from service_kit.suppression import THRESHOLD, Tree

PATHS: dict[str, tuple[str, ...]] = {
    "d": (), "s1": ("d",), "s2": ("d",), "c1": ("d", "s1"), "c2": ("d", "s1"), "c3": ("d", "s2"),
}  # fmt: skip
SHANGHAI = ZoneInfo("Asia/Shanghai")


def some(
    number: int, grid: str, matter_class: str = "event", *, in_time: bool | None = True
) -> list[Happened]:
    return [Happened((*PATHS[grid], grid, f"{grid}-unit"), matter_class, in_time)] * number


def told(cases: list[Happened]) -> dict[str, Public]:
    return {each.grid: each for each in public(cases, PATHS)}


def test_each_grid_has_the_cases_of_all_below_it() -> None:
    found = told([*some(30, "c1"), *some(25, "c2"), *some(40, "c3", "part")])
    assert {grid: each.reported for grid, each in found.items()} == {
        "d": 95, "s1": 55, "s2": 40, "c1": 30, "c2": 25, "c3": 40
    }  # fmt: skip
    assert (found["s1"].parent, found["d"].parent) == ("d", None)


def test_what_is_open_is_counted_and_of_the_rest_the_share_done_in_time() -> None:
    late = some(6, "c1", in_time=False)
    still_open = [case for grid in ("c1", "c2", "c3") for case in some(7, grid, in_time=None)]
    found = told([*some(24, "c1"), *late, *some(30, "c2"), *some(30, "c3"), *still_open])
    assert (found["c1"].reported, found["c1"].open) == (37, 7)
    share = found["c1"].in_time
    assert share is not None
    assert (share.least, share.most) == (80, 90)


def test_a_community_with_few_reports_is_not_told_and_nor_is_one_that_gives_it_away() -> None:
    found = told([*some(3, "c1"), *some(50, "c2"), *some(60, "c3")])
    assert found["c1"].reported is None
    assert found["c2"].reported is None
    assert found["s1"].reported == 53


def test_what_lies_in_a_street_and_no_community_counts_there() -> None:
    unplaced = [Happened(("d", "s1"), "event", None)] * 10
    found = told([*some(30, "c1"), *some(30, "c2"), *some(30, "c3"), *unplaced])
    assert found["s1"].reported == 70
    assert len(found) == len(PATHS)


def test_what_lies_in_no_public_grid_counts_nowhere() -> None:
    found = told([Happened(("elsewhere", "unit"), "event", True)] * 50)
    assert found["d"].reported is None


CASES = st.lists(
    st.builds(
        Happened,
        st.sampled_from([(*PATHS[each], each) for each in PATHS]),
        st.sampled_from(CLASSES[:3]),
        st.sampled_from([True, False, None]),
    ),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(CASES)
def test_no_number_below_the_threshold_is_ever_told(cases: list[Happened]) -> None:
    for each in public(cases, PATHS):
        inside = [case for case in cases if each.grid in case.path]
        classes = Counter(case.matter_class for case in inside)
        true = {"open": sum(case.in_time is None for case in inside), "": len(inside), **classes}
        said = {"open": each.open, "": each.reported, **each.classes}
        for name, number in said.items():
            assert number is None or number == true.get(name, 0) >= THRESHOLD


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 45), st.integers(0, 12)), min_size=2, max_size=2))
def test_no_small_count_can_be_computed_from_shares(rows: list[tuple[int, int]]) -> None:
    """Whoever knows how many were due everywhere tries all that could have been late."""
    tree = Tree(["d", *(f"c{n}" for n in range(len(rows)))], [None, *(0 for _ in rows)])
    done = {f"c{n}": each[0] for n, each in enumerate(rows)}
    due = {f"c{n}": sum(each) for n, each in enumerate(rows)}
    said = shares(tree, done, due)
    worlds = _worlds(list(due.values()))
    names = list(due)
    whole = sum(due.values())
    possible = [
        world for world in worlds
        if all(said[n].holds(w, due[n]) for n, w in zip(names, world, strict=True) if n in said)
        and ("d" not in said or said["d"].holds(sum(world), whole))
    ]  # fmt: skip
    for place, name in enumerate(names):
        late = due[name] - done[name]
        if due[name] and min(done[name], late) < THRESHOLD:
            assert len({world[place] for world in possible}) > 1


def _worlds(due: list[int]) -> list[list[int]]:
    if not due:
        return [[]]
    return [[first, *rest] for first in range(due[0] + 1) for rest in _worlds(due[1:])]


def test_in_every_step_of_enough_cases_there_are_two_counts() -> None:
    for whole in range(FEWEST, 400):
        assert all(step.of(whole).width >= 1 for step in STEPS)


def test_the_months_are_those_of_the_districts_zone() -> None:
    new_year = datetime(2025, 12, 31, 16, 30, tzinfo=UTC)
    assert months(new_year, SHANGHAI, running=False) == ["2025-12", "2025-11", "2025-10"]
    assert months(new_year, SHANGHAI, running=True)[:2] == ["2026-01", "2025-12"]
