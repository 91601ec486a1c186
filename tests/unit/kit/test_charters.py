"""What stands of charter entries elsewhere is what the registry says stands of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterRevoked
from case_contracts.values import Versioned
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from service_kit.charters import build_charters

T0 = datetime(2026, 1, 1, tzinfo=UTC)
V1 = Versioned(id="charter:x", version=1)


def day(number: float) -> datetime:
    return T0 + timedelta(days=number)


def granted(version: int = 1, since: float = 0, until: float | None = None, **more: Any) -> Any:
    times = {"valid_from": day(since), "valid_to": None if until is None else day(until)}
    entry = {"charter": "charter:x", "version": version, **times, **more}
    return CharterGranted.model_validate(CharterGranted.EXAMPLE | entry)


def revoked(version: int, at: float) -> CharterRevoked:
    return CharterRevoked(charter="charter:x", version=version, department="d", valid_to=day(at))


@st.composite
def said(draw: st.DrawFn) -> list[EventData]:
    events: list[EventData] = []
    for version in range(1, draw(st.integers(1, 5)) + 1):
        since = draw(st.integers(0, 8))
        until = draw(st.none() | st.integers(since + 1, 10))
        events.append(granted(version, since, until))
        if draw(st.booleans()):
            events.append(revoked(version, draw(st.integers(0, 9))))
    return events


@settings(deadline=None)
@given(said())
def test_at_any_time_the_same_version_stands_as_in_the_registry(events: list[EventData]) -> None:
    charters = build_charters(events)
    spans = standing(KINDS["charter"], events)
    for half_days in range(24):
        when = day(half_days / 2)
        expected = next((span.data for span in spans if span.valid(when)), None)
        assert charters.at("charter:x", when) is expected


def test_a_newer_version_takes_the_place_of_the_one_before() -> None:
    """Otherwise a matter that was taken out of an entry would go on being its department's."""
    charters = build_charters([granted(), granted(2, 5, matters=["event/*"])])
    held = [charters.holds(V1, day(d), "part/utilities/pipe") for d in (-1, 0, 4, 5, 6)]
    assert held == [False, True, True, False, False]
    ground = ("410199001", "410199")
    assert [c.version for c in charters.covering("part/utilities/pipe", ground, day(4))] == [1]
    assert charters.covering("part/utilities/pipe", ground, day(6)) == []
    assert [c.version for c in charters.covering("event/a/b", ground, day(6))] == [2]


def test_a_newer_version_of_the_same_right_leaves_open_tasks_alone() -> None:
    for change, holds in (
        ({"rate": 7.0}, True),
        ({"matters": ["part/utilities/*", "event/*"]}, True),
        ({"department": "other"}, False),
        ({"role": "support"}, False),
        ({"grid": "410199001"}, False),
    ):
        charters = build_charters([granted(), granted(2, 5, **change)])
        assert charters.holds(V1, day(6), "part/utilities/pipe") is holds, change


def test_a_revocation_that_came_before_its_grant_gives_no_right() -> None:
    assert not build_charters([revoked(1, 3)]).known(V1)
    assert not build_charters([revoked(1, 3)]).holds(V1, day(4))
    assert not build_charters([granted(), revoked(1, 3)]).holds(V1, day(4))
    assert build_charters([granted(), revoked(1, 3), granted(2, 5)]).holds(V1, day(6))
