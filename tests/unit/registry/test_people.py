"""Who may hold which post; teams, secondments, contact groups: the rules."""

from typing import Any

import pytest

from case_contracts.district import Origin
from case_contracts.events.registry import PostingEnded
from registry.domain.kinds import KINDS
from registry.domain.people.ending import ending
from registry.domain.plan import Plan, judge, plan
from registry.domain.step import Step
from service_kit.errors import NotFound, Refused
from tests.unit.registry.posts import HOUSEHOLDS, changed, codes, day, posting, published
from tests.unit.registry.small import DISTRICT, bundle, edited


def test_a_role_that_the_district_does_not_list_is_refused() -> None:
    [error] = changed(postings=[posting("p-9", "driver", "410101")]).errors
    assert (error.code, error.hint) == ("role_unknown", "the roles are contact, leader, worker")
    assert plan(bundle(), {}, DISTRICT).errors == [], "without a list any role will do"


def test_two_exclusive_posts_at_a_time_name_both() -> None:
    [error] = changed(postings=[posting("p-3", "leader", "4101", since=5)]).errors
    assert error.code == "two_exclusive_posts"
    assert "posting:410101:1" in error.message
    assert "posting:4101:p-3" in error.message
    assert error.origin == Origin(file="postings", line=0)


@pytest.mark.parametrize(
    ("role", "since"), [("contact", 5.0), ("leader", 40.0)], ids=["not exclusive", "afterwards"]
)
def test_other_posts_beside_or_after_an_exclusive_one_are_allowed(role: str, since: float) -> None:
    known = published()
    known["posting:410101:1"].append(PostingEnded(posting="posting:410101:1", valid_to=day(40)))
    assert changed(known, postings=[posting("p-3", role, "4101", since)]).errors == []


def test_a_team_out_of_range_is_a_warning() -> None:
    more = [posting("p-8", "contact", "410101", 5), posting("p-9", "contact", "410101", 9)]
    [warning] = changed(postings=more).warnings
    assert warning.code == "team_too_large"
    assert "3 people" in warning.message
    assert day(9).isoformat() in warning.message
    end = [Step("posting:410102:1", (PostingEnded(posting="posting:410102:1", valid_to=day(9)),))]
    found = codes(judge(end, published(), DISTRICT).warnings)
    assert sorted(found) == ["nobody_accountable", "team_incomplete"]


SECONDMENT: dict[str, Any] = {
    "secondment": "secondment:roads:1", "person": "p-7", "department": "roads", "grid": "4101",
    "powers": ["repair"], "legal_basis": "decision 3", "approved_by": ["p-1", "p-2"],
    "valid_from": day(0).isoformat(), "valid_to": day(90).isoformat(),
}  # fmt: skip


def second(**change: Any) -> Plan:
    return changed(secondments=[SECONDMENT | change])


def test_a_secondment_needs_powers_of_its_department_on_that_ground() -> None:
    assert second().errors == []
    [error] = second(powers=["repair", "penalise"]).errors
    assert (error.code, "penalise" in error.message) == ("power_not_held", True)
    [error] = second(department="water", powers=["inspect"], grid="41").errors
    assert error.code == "power_not_held", "its charter is for a part of that ground"
    assert second(department="water", powers=["inspect"], grid="410101").errors == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"approved_by": ["p-1", "p-1"]}, "approvers_same"),
        ({"grid": "4199"}, "grid_unknown"),
        ({"department": "none"}, "department_unknown"),
        ({"valid_to": day(-1).isoformat()}, "validity_empty"),
    ],
)
def test_a_secondment_that_is_wrong(change: dict[str, Any], code: str) -> None:
    assert code in codes(second(**change).errors)


def test_a_power_that_ends_with_its_charter_is_a_warning() -> None:
    files = edited("charters.yaml", "  role: lead\n", f"  role: lead\n  valid_to: '{day(30)}'\n",
                   HOUSEHOLDS)  # fmt: skip
    found = changed(published(files), secondments=[SECONDMENT])
    assert (codes(found.errors), codes(found.warnings)) == ([], ["power_runs_out"])


GROUP: dict[str, Any] = {
    "group": "contact_group:1", "grid": "410101", "person": "p-3", "households": 18,
    "valid_from": day(0).isoformat(),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "errors", "warnings"),
    [
        ({}, [], []),
        ({"households": 9}, [], ["group_size"]),
        ({"households": 31}, [], ["group_size"]),
        ({"households": 101}, ["group_exceeds_grid"], ["group_size"]),
        ({"person": "p-4"}, ["contact_without_post"], []),
        ({"grid": "4199"}, ["grid_unknown"], []),
    ],
)
def test_a_contact_group(change: dict[str, Any], errors: list[str], warnings: list[str]) -> None:
    found = changed(contact_groups=[GROUP | change])
    assert (codes(found.errors), codes(found.warnings)) == (errors, warnings)


def test_contact_groups_together_have_no_more_households_than_the_grid() -> None:
    groups = [GROUP | {"group": f"contact_group:{n}", "households": 30} for n in range(4)]
    assert codes(changed(contact_groups=groups).warnings) == ["groups_exceed_grid"]


def test_a_contact_may_be_posted_above_and_leaving_is_a_warning() -> None:
    known = published()
    assert changed(known, postings=[posting("p-8", "leader", "41")]).errors == []
    both = {"postings": [posting("p-8", "leader", "41", until=50)],
            "contact_groups": [GROUP | {"person": "p-8"}]}  # fmt: skip
    found = changed(known, **both)
    assert (codes(found.errors), codes(found.warnings)) == ([], ["contact_leaves"])


def test_an_end_is_for_good_and_never_in_the_past() -> None:
    kind, said = KINDS["posting"], published()["posting:410101:1"]
    assert ending(kind, said, None, day(5)) == [
        PostingEnded(posting="posting:410101:1", valid_to=day(5))
    ]
    with pytest.raises(Refused, match="cannot be ended"):
        ending(kind, said, day(4), day(5))
    with pytest.raises(Refused, match="ended already"):
        ending(kind, [*said, PostingEnded(posting="posting:410101:1", valid_to=day(3))], None,
               day(5))  # fmt: skip
    with pytest.raises(NotFound):
        ending(kind, [], None, day(5))
