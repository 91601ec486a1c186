"""The registry refuses a second lead exactly where brute force finds one, and no other; a
charter's spans never overlap; what nobody leads is found where brute force finds nobody."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.district import Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CharterGranted,
    CharterRevoked,
    DepartmentRegistered,
    GridPublished,
    StandardPublished,
)
from registry.domain.chartering.granting import objections
from registry.domain.chartering.unled import unled
from registry.domain.charters import clashes
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from registry.domain.revoking import revocation
from registry.domain.validation.leads import ancestors, charter_spans
from service_kit.errors import CivicError
from tests.unit.registry.test_charters import MATTERS, PATHS, PATTERNS, day, granted, leading

DAYS = 14
BUSY = settings(deadline=None)
"""Asking for everything everywhere takes its time."""
GRIDS = sorted(PATHS)
PLACE = Origin(file="test")
PATH = {code: tuple(sorted(PATHS[code], key=lambda c: len(PATHS[c]))) for code in GRIDS}


def grid(code: str) -> GridPublished:
    above = PATH[code]
    place = {"grid": code, "parent": above[-1] if above else None, "path": above}
    return GridPublished.model_validate(
        GridPublished.EXAMPLE | place | {"valid_from": day(-9), "valid_to": None}
    )


def district() -> dict[str, list[EventData]]:
    """Grids, a standard with the matters, and two departments; no charters."""
    matters = [
        {
            **StandardPublished.EXAMPLE["matters"][0],
            "code": code,
            "matter_class": code[: code.index("/")],
        }
        for code in MATTERS
    ]
    standard = StandardPublished.model_validate(
        StandardPublished.EXAMPLE | {"matters": matters, "valid_from": day(-9)}
    )
    named = DepartmentRegistered.EXAMPLE | {"department": "urban-management"}
    return {
        **{f"grid:{code}": [grid(code)] for code in GRIDS},
        "standard:s": [standard],
        "department:urban-management": [DepartmentRegistered.model_validate(named)],
    }


@st.composite
def entry(draw: st.DrawFn, name: str, version: int) -> CharterGranted:
    start = draw(st.integers(0, 6))
    until = draw(st.none() | st.integers(start + 1, start + 5))
    return granted(
        0,
        charter=f"charter:{name}",
        version=version,
        matters=draw(st.lists(st.sampled_from(PATTERNS[:-1]), min_size=1, max_size=2)),
        grid=draw(st.sampled_from(GRIDS)),
        role=draw(st.sampled_from(["lead", "lead", "support"])),
        valid_from=day(start),
        valid_to=None if until is None else day(until),
    )


@st.composite
def acts(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """Grants of new versions, and revocations, in some order, of three entries."""
    found: list[tuple[str, Any]] = []
    versions = {"a": 0, "b": 0, "c": 0}
    for _ in range(draw(st.integers(1, 8))):
        name = draw(st.sampled_from(sorted(versions)))
        if versions[name] and draw(st.integers(0, 3)) == 0:
            found.append((name, draw(st.integers(0, 9))))
            continue
        versions[name] += 1
        found.append((name, draw(entry(name, versions[name]))))
    return found


def clash_somewhere(known: dict[str, list[EventData]]) -> bool:
    """Brute force: ask for every matter, on every grid, on every half day, who leads."""
    spans = charter_spans(known)
    times = [day(0) + timedelta(hours=12 * n) for n in range(2 * DAYS)]
    return any(
        len(leading(spans, matter, code, when)) > 1
        for matter in MATTERS
        for code in GRIDS
        for when in times
    )


def enact(known: dict[str, list[EventData]], name: str, act: Any, now: datetime) -> str:
    """As the registry does: what speaks against an entry refuses it; what came of it."""
    said = known.setdefault(f"charter:{name}", [])
    if isinstance(act, CharterGranted):
        found = objections(act, known, PLACE, now)
        if found:
            return found[0].code
        said.append(act)
        return "granted"
    try:
        said += revocation(said, day(act), now)
    except CivicError as refused:
        return refused.code
    return "revoked"


@BUSY
@given(acts())
def test_a_lead_is_refused_exactly_where_there_would_be_two(steps: list[tuple[str, Any]]) -> None:
    known = district()
    for name, act in steps:
        if isinstance(act, CharterGranted):
            would = {**known, f"charter:{name}": [*known.get(f"charter:{name}", []), act]}
            expected = "two_leads" if clash_somewhere(would) else "granted"
            assert enact(known, name, act, day(0)) == expected
        else:
            enact(known, name, act, day(0))
        assert not clash_somewhere(known)
        assert clashes(charter_spans(known), MATTERS, ancestors(known)) == []


@BUSY
@given(acts())
def test_the_times_of_one_charters_versions_never_overlap(steps: list[tuple[str, Any]]) -> None:
    known = district()
    for name, act in steps:
        enact(known, name, act, day(0))
        spans = standing(KINDS["charter"], known[f"charter:{name}"])
        assert all(one.end <= other.start for one, other in pairwise(spans))
        assert all(span.start < span.end for span in spans)


@BUSY
@given(acts(), st.integers(0, 12))
def test_what_nobody_leads_is_what_asking_everywhere_finds(
    steps: list[tuple[str, Any]], at: int
) -> None:
    known = district()
    for name, act in steps:
        enact(known, name, act, day(0))
    spans, when = charter_spans(known), day(at)
    found = unled(MATTERS, spans, [grid(code) for code in GRIDS], "r", when)
    said = {
        (matter, code)
        for each in found
        for matter in each.matters
        for code in GRIDS
        if code == each.grid or each.grid in PATHS[code]
    }
    leaves = [code for code in GRIDS if not any(code in path for path in PATHS.values())]
    for matter in MATTERS:
        for code in leaves:
            nobody = not leading(spans, matter, code, when)
            assert ((matter, code) in said) is nobody, (matter, code)
    assert len({(each.grid, m) for each in found for m in each.matters}) == sum(
        len(each.matters) for each in found
    )


def test_names_that_are_not_there_are_each_an_error_with_its_place() -> None:
    wrong = granted(
        0, department="rods", grid="a9", matters=["part/*", "part/sea/*"],
        valid_from=day(0), valid_to=None,
    )  # fmt: skip
    place = Origin(file="entry.yaml", line=1, parts={"matters.1": 7, "grid": 9, "department": 3})
    errors = objections(wrong, district(), place, day(0))
    assert {(e.code, e.origin.place if e.origin else "") for e in errors} == {
        ("department_unknown", "entry.yaml:3"),
        ("grid_unknown", "entry.yaml:9"),
        ("matter_unknown", "entry.yaml:7"),
    }


def test_a_second_lead_is_named_with_what_both_lead_for() -> None:
    known = district()
    first = granted(0, charter="charter:first", matters=["part/*"], grid="r", valid_from=day(0))
    assert enact(known, "first", first, day(0)) == "granted"
    second = granted(0, charter="charter:second", matters=["*"], grid="a1", valid_from=day(3))
    [error] = objections(second, known, PLACE, day(0))
    assert error.code == "two_leads"
    assert "charter:first" in error.message
    assert "part/roads/kerb, part/roads/pothole on grid r" in error.message
    enact(known, "first", 3, day(0))
    assert isinstance(known["charter:first"][-1], CharterRevoked)
    assert objections(second, known, PLACE, day(0)) == []
