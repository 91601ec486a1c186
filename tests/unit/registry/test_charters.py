"""Clashing leads against brute force, and who answers for what."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.registry import CharterGranted
from registry.domain.charters import CharterSpan, charges, clashes
from service_kit.validity import Span

T0 = datetime(2026, 1, 1, tzinfo=UTC)
MATTERS = ("part/roads/pothole", "part/roads/kerb", "event/water/burst", "hazard/fire/exit")
PATTERNS = ("*", "part/*", "part/roads/*", "*/water/*", "part/roads/kerb", "event/*", "none/*")
PATHS: dict[str, frozenset[str]] = {
    "r": frozenset(),
    "a": frozenset({"r"}),
    "b": frozenset({"r"}),
    "a1": frozenset({"r", "a"}),
    "a2": frozenset({"r", "a"}),
}


def day(number: int) -> datetime:
    return T0 + timedelta(days=number)


def granted(n: int, **given: Any) -> CharterGranted:
    return CharterGranted.model_validate(
        {**CharterGranted.EXAMPLE, "charter": f"charter:{n}", **given}
    )


@st.composite
def spans(draw: st.DrawFn) -> list[CharterSpan]:
    found = []
    for n in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, 6))
        charter = granted(
            n,
            matters=draw(st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2)),
            grid=draw(st.sampled_from(sorted(PATHS))),
            role=draw(st.sampled_from(["lead", "lead", "support"])),
        )
        found.append(Span(charter, day(start), day(start + draw(st.integers(1, 5)))))
    return found


def leading(all_spans: list[CharterSpan], matter: str, grid: str, when: datetime) -> set[str]:
    ground = (*PATHS[grid], grid)
    found = charges(all_spans, matter, ground, when)
    return {each.charter.charter for each in found if each.charter.role == "lead"}


@given(spans())
def test_clashes_are_just_what_asking_everywhere_and_always_shows(given: list[CharterSpan]) -> None:
    """Brute force: ask who leads for every matter, on every grid, on every day."""
    expected: dict[tuple[str, ...], set[str]] = {}
    for matter in MATTERS:
        for grid in PATHS:
            for number in range(12):
                leads = sorted(leading(given, matter, grid, day(number)))
                for pair in combinations(leads, 2):
                    expected.setdefault(pair, set()).add(matter)
    found = {
        tuple(sorted((c.one.data.charter, c.other.data.charter))): set(c.matters)
        for c in clashes(given, MATTERS, PATHS)
    }
    assert found == expected


def test_a_charge_says_which_pattern_fits() -> None:
    span = Span(granted(1, matters=["event/*", "part/roads/*"], grid="a"), day(0), day(5))
    [charge] = charges([span], "part/roads/kerb", ("r", "a", "a1"), day(1))
    assert charge.pattern == "part/roads/*"
    assert list(charges([span], "part/roads/kerb", ("r", "b"), day(1))) == []
    assert list(charges([span], "part/roads/kerb", ("r", "a"), day(5))) == []


def test_patterns_are_told_apart_by_case() -> None:
    span = Span(granted(1, matters=["PART/*"], grid="r"), day(0), day(5))
    assert list(charges([span], "part/roads/kerb", ("r",), day(1))) == []
