"""What the rule says of two reports, and what a report becomes by it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.events.intake import Channel, DuplicateRule, ReportReceived
from case_contracts.values import Point
from intake.domain.duplicates import judge, located
from intake.domain.rules import Rules
from service_kit.alike import Located, Nearby
from service_kit.alike.likeness import METRES_PER_DEGREE

AT = datetime(2026, 1, 5, tzinfo=UTC)
HERE = Point(lon=113.6, lat=34.7)
RULE = DuplicateRule(metres=50, hours=100, link_from=0.8)
ASKING = RULE.model_copy(update={"link_from": None})


def place(number: int, metres: float = 0, hours: float = 0, *, staff: bool = False) -> Located:
    return Located(
        f"report:{number}", f"case:{number}", "part/a/b", HERE.lon,
        HERE.lat + metres / METRES_PER_DEGREE, AT.timestamp() + hours * 3600, staff,
    )  # fmt: skip


def verdict(new: Located, *older: Located, rule: DuplicateRule = RULE) -> Any:
    index = Nearby()
    for each in older:
        index.add(each)
    return judge(new, index.alike(new, rule.metres, rule.hours), rule)


@given(st.floats(0, 200), st.floats(-300, 300))
def test_linked_from_the_score_on_else_proposed_within_the_rule_else_nothing(
    metres: float, hours: float
) -> None:
    found = verdict(place(1), place(2, metres, hours))
    if metres > 50.1 or abs(hours) > 100.1:
        assert found is None
    elif metres < 49.9 and abs(hours) < 99.9:
        assert found.case == "case:2"
        exact = (1 - metres / 50) * (1 - 0.6 * abs(hours) / 100)
        assert found.likeness.score == pytest.approx(exact, abs=0.01)
        if abs(exact - 0.8) > 0.01:
            assert found.certain == (exact > 0.8)


def test_the_most_alike_is_chosen() -> None:
    assert verdict(place(1), place(2, 30), place(3, 2, -10), place(4, 2, -20)).case == "case:3"


def test_without_a_score_to_link_from_a_person_decides() -> None:
    assert verdict(place(1), place(2), rule=ASKING).certain is False


@pytest.mark.parametrize(
    ("one", "other", "certain"), [(True, True, False), (True, False, True), (False, True, True)]
)
def test_two_of_staff_are_two(one: bool, other: bool, certain: bool) -> None:
    assert verdict(place(1, staff=one), place(2, staff=other)).certain is certain


def said(**change: Any) -> ReportReceived:
    return ReportReceived.model_validate({**ReportReceived.EXAMPLE, "matter": "part/a/b", **change})


@pytest.mark.parametrize(
    ("report", "point"),
    [
        (said(), None),
        (said(about={"kind": "department", "id": "um"}), HERE),
        (said(recorded={}), HERE),
    ],
)
def test_what_keeps_its_own_case_is_nowhere(report: ReportReceived, point: Point | None) -> None:
    assert located(report, point) is None


def test_the_exact_place_is_what_counts() -> None:
    found = located(said(point={"lon": 1.0, "lat": 2.0}, channel=Channel.PATROL), HERE)
    assert found is not None
    assert (found.lon, found.lat, found.staff) == (HERE.lon, HERE.lat, True)


def test_by_default_what_is_somebodys_own_is_never_linked_by_the_machine() -> None:
    rules = Rules()
    for matter in ("service/a/b", "inquiry/a/b", "dispute/a/b", "hazard/a/b"):
        rule = rules.duplicate(matter)
        assert rule is not None
        assert rule.link_from is None
    shared = rules.duplicate("event/street/pothole")
    assert shared is not None
    assert shared.link_from is not None
    assert rules.longest_hours == timedelta(days=60) / timedelta(hours=1)
