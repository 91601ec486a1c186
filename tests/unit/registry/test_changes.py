"""What is published when a thing is loaded again, changed, ended, revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CharterGranted,
    DepartmentRegistered,
    GridPublished,
    GridRetired,
    PortfolioAssigned,
    StandardPublished,
)
from registry.domain.changes import Unchangeable, changes
from registry.domain.kinds import KINDS, ends, starts
from registry.domain.plan import plan
from registry.domain.record import as_standing, standing
from registry.domain.revoking import revocation
from service_kit.errors import NotFound, Refused
from service_kit.grids import grid_spans
from tests.unit.registry.small import DISTRICT, FILES, bundle, edited

T0 = datetime(2026, 1, 1, tzinfo=UTC)
GRID, CHARTER = KINDS["grid"], KINDS["charter"]


def day(number: int) -> datetime:
    return T0 + timedelta(days=number)


def grid(start: int = 0, end: int | None = None, **more: Any) -> GridPublished:
    until = None if end is None else day(end)
    return GridPublished.model_validate(
        {**GridPublished.EXAMPLE, "valid_from": day(start), "valid_to": until, **more}
    )


def charter(version: int = 1, start: int = 0, **more: Any) -> CharterGranted:
    return CharterGranted.model_validate(
        {**CharterGranted.EXAMPLE, "version": version, "valid_from": day(start), **more}
    )


def code(kind: str, known: list[EventData], wanted: EventData) -> str:
    with pytest.raises(Unchangeable) as refused:
        changes(KINDS[kind], known, wanted)
    assert refused.value.hint
    return refused.value.code


def test_the_same_again_is_nothing() -> None:
    assert changes(GRID, [], grid()) == [grid()]
    assert changes(GRID, [grid()], grid()) == []


def test_a_new_validity_is_published_beside_the_old() -> None:
    later = grid(10, households=7)
    assert changes(GRID, [grid()], later) == [later]
    assert changes(GRID, [grid(), later], grid()) == []


def test_the_past_is_not_overwritten() -> None:
    assert code("grid", [grid()], grid(households=7)) == "validity_published"


def test_a_new_end_is_an_event_of_its_own() -> None:
    retired = GridRetired(grid=grid().grid, valid_to=day(5))
    assert changes(GRID, [grid()], grid(end=5)) == [retired]
    assert changes(GRID, [grid(), retired], grid(end=5)) == []
    assert changes(GRID, [grid(), retired], grid()) == [], "what was ended stays ended"
    assert code("grid", [grid(), retired], grid(end=9)) == "ended_already"


def test_ending_what_came_before_leaves_what_comes_after() -> None:
    later = grid(10, households=7)
    events = changes(GRID, [grid(), later], grid(end=5))
    spans = standing(GRID, [grid(), later, *events])
    assert [(s.start, s.end) for s in spans] == [(day(0), day(5)), (day(10), ends(later))]


def test_a_published_version_never_changes() -> None:
    standard = StandardPublished.model_validate(StandardPublished.EXAMPLE)
    other = standard.model_copy(update={"matters": ()})
    assert code("standard", [standard], other) == "version_published"
    newer = other.model_copy(update={"version": 3})
    assert changes(KINDS["standard"], [standard], newer) == [newer]
    between = other.model_copy(update={"version": 2})
    assert code("standard", [standard, newer], between) == "version_not_newest"


def test_departments_and_portfolios_may_be_replaced() -> None:
    roads = DepartmentRegistered.model_validate(DepartmentRegistered.EXAMPLE)
    renamed = roads.model_copy(update={"name": {"zh": "新", "en": "New"}})
    assert changes(KINDS["department"], [roads], renamed) == [renamed]
    kind = KINDS["portfolio"]
    portfolio = PortfolioAssigned.model_validate(PortfolioAssigned.EXAMPLE)
    ended = portfolio.model_copy(update={"valid_to": day(9)})
    assert changes(kind, [portfolio], ended) == [ended]
    [span] = standing(kind, [portfolio, ended])
    assert span.end == day(9)


entries = st.tuples(st.integers(0, 6), st.one_of(st.none(), st.integers(1, 6)), st.integers(0, 1))


@given(st.lists(entries, max_size=8))
def test_whatever_is_loaded_stands_and_loading_again_changes_nothing(
    given: list[tuple[int, int | None, int]],
) -> None:
    known: list[EventData] = []
    for start, length, households in given:
        wanted = grid(start, length and start + length, households=households)
        try:
            events = changes(GRID, known, wanted)
        except Unchangeable:
            continue
        known += events
        assert changes(GRID, known, wanted) == []
        if wanted in events:
            there = [s for s in standing(GRID, known) if s.valid(starts(wanted))]
            assert [s.data.model_dump(exclude={"valid_to"}) for s in there] == [
                wanted.model_dump(exclude={"valid_to"})
            ]
    here = [(s.data, s.start, s.end) for s in standing(GRID, known)]
    said = [e for e in known if isinstance(e, GridPublished | GridRetired)]
    assert here == [(s.data, s.start, s.end) for s in grid_spans(said)]


def test_revoking_ends_every_version_that_would_still_hold() -> None:
    said: list[EventData] = [charter(1), charter(2, start=10)]
    events = revocation(said, day(5), day(3))
    assert [(e.version, e.valid_to) for e in events] == [(1, day(5)), (2, day(5))]
    [span] = standing(CHARTER, [*said, *events])
    assert as_standing(span) == charter(1, valid_to=day(5))
    assert revocation([*said, *events], day(5), day(3)) == []


def test_revoking_at_once() -> None:
    [event] = revocation([charter()], None, day(3))
    assert event.valid_to == day(3)


def test_what_cannot_be_revoked() -> None:
    with pytest.raises(NotFound):
        revocation([], None, day(3))
    with pytest.raises(Refused, match="past"):
        revocation([charter()], day(2), day(3))
    with pytest.raises(Refused, match="ended already"):
        revocation([charter(valid_to=day(4))], day(5), day(3))


def test_a_district_half_loaded_is_completed_and_then_left_alone() -> None:
    first = plan(bundle(), {}, DISTRICT)
    known: dict[str, list[EventData]] = {}
    for step in first.steps[:5]:
        known.setdefault(step.aggregate, []).extend(step.events)
    rest = plan(bundle(), known, DISTRICT)
    assert [s.aggregate for s in rest.steps] == [s.aggregate for s in first.steps[5:]]
    for step in rest.steps:
        known.setdefault(step.aggregate, []).extend(step.events)
    again = plan(bundle(), known, DISTRICT)
    assert (again.steps, again.errors, again.unchanged) == ([], [], len(first.steps))


def test_the_order_of_publication() -> None:
    steps = plan(bundle(), {}, DISTRICT).steps
    kinds = [step.aggregate.partition(":")[0] for step in steps]
    elsewhere = {"secondment", "contact_group", "commitment"}
    assert list(dict.fromkeys(kinds)) == [kind for kind in KINDS if kind not in elsewhere]
    grids = [event for s in steps for event in s.events if isinstance(event, GridPublished)]
    assert [(g.grid, g.path) for g in grids] == [
        ("41", ()), ("4101", ("41",)), ("410101", ("41", "4101")), ("410102", ("41", "4101")),
    ]  # fmt: skip


def test_changes_that_are_not_allowed_are_errors_with_their_line() -> None:
    known = {step.aggregate: list(step.events) for step in plan(bundle(), {}, DISTRICT).steps}
    files = edited("standard.yaml", "amount: 2", "amount: 3")
    [error] = plan(bundle(files), known, DISTRICT).errors
    assert error.origin is not None
    assert (error.code, error.origin.file) == ("version_published", "standard.yaml")
    assert "version 2" in error.hint


def test_a_charter_published_before_and_left_out_still_clashes() -> None:
    known = {step.aggregate: list(step.events) for step in plan(bundle(), {}, DISTRICT).steps}
    charters = FILES["charters.yaml"].replace("charter:roads", "charter:other")
    planned = plan(bundle({**FILES, "charters.yaml": charters}), known, DISTRICT)
    [error] = planned.errors
    assert error.code == "two_leads"
    assert "published before" in error.message
    assert [w.code for w in planned.warnings] == ["left_out"]
