"""Charter entries over HTTP: proposed by one, approved by two others, in force only then."""

from typing import Any

import pytest

from case_contracts.events.registry import CharterApproved, CharterGranted, CharterProposed
from tests.integration.registry.chartering.asked import (
    ENTRY,
    KERB,
    LITTER,
    People,
    approved,
    post,
    proposed,
)
from tests.integration.registry.test_loading import Headers
from tests.integration.registry.test_questions import ask
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin


async def test_nothing_takes_effect_before_two_others_have_approved(
    loaded: Twin, proposer: Headers, approver: People, reader: Headers
) -> None:
    assert await proposed(loaded, proposer) == 1
    assert (await ask(loaded, LITTER, reader))["lead"] is None
    status, first = await approved(loaded, approver("p-1"))
    assert (status, first["published"]) == (200, {"charter.approved.v1": 1})
    assert (await ask(loaded, LITTER, reader))["lead"] is None
    status, second = await approved(loaded, approver("p-2"))
    assert (status, second["published"]) == (
        200, {"charter.approved.v1": 1, "charter.granted.v1": 1}
    )  # fmt: skip
    lead = (await ask(loaded, LITTER, reader))["lead"]
    assert (lead["charter"], lead["version"], lead["department"]) == (KERB, 1, "roads")
    [granted] = [g for g in loaded.published(CharterGranted) if g.charter == KERB]
    assert granted.approved_by == ("p-1", "p-2")


async def test_one_persons_words_are_not_enough_whoever_it_is(
    loaded: Twin, issuer: TestIssuer, approver: People
) -> None:
    everything = issuer.bearer(
        "p-1", "registry.propose registry.write registry.approve registry.read", "registry"
    )
    await proposed(loaded, everything)
    assert (await approved(loaded, everything))[1]["code"] == "own_proposal"
    assert (await approved(loaded, approver("p-2")))[0] == 200
    status, problem = await approved(loaded, approver("p-2"))
    assert (status, problem["code"]) == (409, "approved_already")
    assert (await approved(loaded, everything))[1]["code"] == "own_proposal"
    assert [g for g in loaded.published(CharterGranted) if g.charter == KERB] == []


async def test_sent_twice_it_counts_once(loaded: Twin, proposer: Headers, approver: People) -> None:
    key = {"Idempotency-Key": "once"}
    answers = [await post(loaded, "/charters", proposer | key, ENTRY) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    other = await post(loaded, "/charters", proposer | key, ENTRY | {"grid": "4101"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    again = await post(loaded, "/charters", proposer, ENTRY)
    assert (again.status_code, again.json()["code"]) == (409, "pending")
    path = f"/charters/{KERB}/versions/1/approval"
    same = [(await post(loaded, path, approver("p-1") | key)).json() for _ in range(2)]
    assert same[0] == same[1]
    assert len(loaded.published(CharterApproved)) == 1


async def test_a_dry_run_says_what_would_come_and_does_nothing(
    loaded: Twin, proposer: Headers, approver: People
) -> None:
    answer = await post(loaded, "/charters?dry_run=true", proposer, ENTRY)
    assert (answer.json()["dry_run"], answer.json()["published"]) == (
        True, {"charter.proposed.v1": 1}
    )  # fmt: skip
    assert loaded.published(CharterProposed) == []
    await proposed(loaded, proposer)
    await approved(loaded, approver("p-1"))
    path = f"/charters/{KERB}/versions/1/approval?dry_run=true"
    would = (await post(loaded, path, approver("p-2"))).json()
    assert would["published"] == {"charter.approved.v1": 1, "charter.granted.v1": 1}
    assert [g for g in loaded.published(CharterGranted) if g.charter == KERB] == []


@pytest.mark.parametrize("by", ["an approver", "who proposed it"])
async def test_what_is_rejected_or_withdrawn_cannot_be_approved(
    loaded: Twin, proposer: Headers, approver: People, reader: Headers, by: str
) -> None:
    await proposed(loaded, proposer)
    await approved(loaded, approver("p-1"))
    who, state = (approver("p-3"), "rejected") if by == "an approver" else (proposer, "withdrawn")
    path = f"/charters/{KERB}/versions/1/rejection"
    assert (await post(loaded, path, who)).status_code == 200
    assert (await post(loaded, path, who)).json()["code"] == "not_pending"
    status, problem = await approved(loaded, approver("p-2"))
    assert (status, problem["code"]) == (409, "not_pending")
    [version] = (await ask(loaded, f"/charters/{KERB}", reader))["versions"]
    assert version["state"] == state
    assert await proposed(loaded, proposer) == 2


async def test_only_who_proposed_it_withdraws(
    loaded: Twin, proposer: Headers, issuer: TestIssuer
) -> None:
    await proposed(loaded, proposer)
    other = issuer.bearer("p-11", "registry.propose", "registry", department="roads")
    answer = await post(loaded, f"/charters/{KERB}/versions/1/rejection", other)
    assert (answer.status_code, answer.json()["code"]) == (403, "missing_right")


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"grid": "4199"}, {"grid_unknown"}),
        ({"department": "rods"}, {"department_unknown"}),
        ({"matters": ["event/street/*", "event/sea/*"]}, {"matter_unknown"}),
        ({"grid": "4199", "matters": ["a/b/c"]}, {"grid_unknown", "matter_unknown"}),
    ],
)
async def test_names_that_are_not_there_are_refused_with_their_places(
    loaded: Twin, writer: Headers, change: dict[str, Any], codes: set[str]
) -> None:
    origin = {"file": "entry.yaml", "line": 1, "parts": {"grid": 5, "department": 2, "matters": 3}}
    answer = await post(loaded, "/charters", writer, ENTRY | change | {"origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (422, "change_invalid")
    errors = answer.json()["errors"]
    assert {error["code"] for error in errors} == codes
    assert all(error["origin"]["line"] > 1 and error["hint"] for error in errors)
    assert loaded.published(CharterProposed) == []


@pytest.mark.parametrize(
    "change",
    [
        {"matters": []},
        {"matters": [{"$ne": ""}]},
        {"charter": {"$ne": ""}},
        {"charter": "a b"},
        {"department": {"$gt": ""}},
        {"role": "boss"},
        {"rate": -1},
        {"legal_basis": ""},
        {"valid_from": "2030-01-01T00:00:00Z", "valid_to": "2029-01-01T00:00:00Z"},
        {"valid_from": "2030-01-01T00:00:00"},
        {"approved_by": ["p-1", "p-2"]},
        {"version": 7},
        {"proposed_by": "p-9"},
    ],
)
async def test_a_body_that_is_no_proposal(
    loaded: Twin, writer: Headers, change: dict[str, Any]
) -> None:
    answer = await post(loaded, "/charters", writer, ENTRY | change)
    assert answer.status_code == 422, answer.text
    assert loaded.published(CharterProposed) == []


async def test_a_second_lead_is_foretold_and_refused_at_the_grant(
    loaded: Twin, writer: Headers, proposer: Headers, approver: People, reader: Headers
) -> None:
    """`charter:roads` leads for part/roads/* on 41."""
    second = ENTRY | {
        "charter": "water/2", "department": "water", "matters": ["part/*"], "grid": "410102"
    }  # fmt: skip
    answer = (await post(loaded, "/charters", writer, second)).json()
    assert [w["code"] for w in answer["warnings"]] == ["two_leads"]
    status, first = await approved(loaded, approver("p-1"), charter="water/2")
    assert (status, [w["code"] for w in first["warnings"]]) == (200, ["two_leads"])
    status, problem = await approved(loaded, approver("p-2"), charter="water/2")
    assert (status, problem["code"]) == (422, "change_invalid")
    assert "charter:roads" in problem["errors"][0]["message"]
    pothole = "/charters/explain?matter=part/roads/pothole&grid=410102"
    assert (await ask(loaded, pothole, reader))["lead"]["charter"] == "charter:roads"
    why = {"reason": "parted", "approved_by": ["p-1", "p-2"]}
    assert (await post(loaded, "/charters/roads/revocation", writer, why)).status_code == 200
    assert (await approved(loaded, approver("p-2"), charter="water/2"))[0] == 200
    assert (await ask(loaded, pothole, reader))["lead"]["charter"] == "charter:water/2"


async def test_a_department_proposes_for_itself_only(
    loaded: Twin, proposer: Headers, issuer: TestIssuer
) -> None:
    answer = await post(loaded, "/charters", proposer, ENTRY | {"department": "water"})
    assert answer.status_code == 403
    water = issuer.bearer("p-20", "registry.propose", "registry", department="water")
    takes_over = ENTRY | {"charter": "charter:roads", "department": "water"}
    assert (await post(loaded, "/charters", water, takes_over)).status_code == 403


ROUTES = [
    ("GET", "/charters", {"registry.read"}),
    ("GET", "/charters/charter:roads", {"registry.read"}),
    ("GET", "/charters/unled", {"registry.read"}),
    ("GET", LITTER, {"registry.read"}),
    ("POST", "/charters", {"registry.propose", "registry.write"}),
    ("POST", f"/charters/{KERB}/versions/1/approval", {"registry.approve"}),
    ("POST", f"/charters/{KERB}/versions/1/rejection",
     {"registry.approve", "registry.propose", "registry.write"}),
    ("POST", "/charters/charter:roads/revocation", {"registry.write"}),
]  # fmt: skip
SCOPES = ("registry.read", "registry.write", "registry.propose", "registry.approve",
          "households.read", "households.write")  # fmt: skip


async def test_each_route_is_for_its_roles_only(loaded: Twin, issuer: TestIssuer) -> None:
    for method, path, allowed in ROUTES:
        assert (await loaded.http.request(method, path, json={})).status_code == 401
        for scope in SCOPES:
            headers = issuer.bearer("p-30", scope, "registry")
            body: Any = {} if method == "POST" else None
            answer = await loaded.http.request(method, path, headers=headers, json=body)
            status = answer.status_code
            assert (status == 403) is (scope not in allowed), (method, path, scope, status)
            assert status != 500
