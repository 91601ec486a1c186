"""Charter entries over HTTP: proposed by one, approved by two others, in force only then."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from case_contracts.events.registry import CharterApproved, CharterGranted, CharterProposed
from tests.integration.registry.conftest import Start
from tests.integration.registry.test_loading import Headers, load
from tests.integration.registry.test_questions import ask
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.registry.small import edited

KERB = "charter:roads:litter"
ENTRY: dict[str, Any] = {
    "charter": KERB,
    "department": "roads",
    "matters": ["event/street/*"],
    "grid": "41",
    "role": "lead",
    "powers": ["inspect", "repair"],
    "rate": 12.5,
    "legal_basis": "list 2026, no. 7",
}
LITTER = "/charters/explain?matter=event/street/litter&grid=410101"
People = Callable[[str], Headers]


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    files = edited("district.yaml", "2026-01-01", "2020-01-01")
    assert (await load(registry, writer, files)).status_code == 200
    return registry


@pytest.fixture
def approver(issuer: TestIssuer) -> People:
    return lambda person: issuer.bearer(person, "registry.read registry.approve", "registry")


@pytest.fixture
def proposer(issuer: TestIssuer) -> Headers:
    return issuer.bearer("p-10", "registry.read registry.propose", "registry", department="roads")


async def post(twin: Twin, path: str, headers: Headers, body: Any = None) -> httpx.Response:
    return await twin.http.post(path, json=body, headers=headers)


async def proposed(twin: Twin, headers: Headers, **change: Any) -> int:
    """The version that was proposed."""
    answer = await post(twin, "/charters", headers, ENTRY | change)
    assert answer.status_code == 200, answer.text
    version = answer.json()["things"][0]["version"]
    assert isinstance(version, int)
    return version


async def approved(twin: Twin, headers: Headers, version: int = 1, charter: str = KERB) -> Any:
    answer = await post(twin, f"/charters/{charter}/versions/{version}/approval", headers)
    return answer.status_code, answer.json()


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


async def test_two_approvers_at_once_grant_once(
    start: Start, writer: Headers, proposer: Headers, approver: People
) -> None:
    """Each through a process of its own; two more come too late."""
    async with start() as one, start() as other:
        assert (await load(one, writer)).status_code == 200
        await proposed(one, proposer)
        twins = (one, other, one, other)
        people = ("p-1", "p-2", "p-3", "p-4")
        done = await asyncio.gather(
            *(approved(t, approver(p)) for t, p in zip(twins, people, strict=True))
        )
        assert sorted(status for status, _ in done) == [200, 200, 409, 409]
        assert {answer["code"] for status, answer in done if status == 409} == {"not_pending"}
        said = [*one.published(CharterGranted), *other.published(CharterGranted)]
        assert len([g for g in said if g.charter == KERB]) == 1


@pytest.fixture
async def two(start: Start, writer: Headers) -> AsyncIterator[tuple[Twin, Twin]]:
    async with start() as one, start() as other:
        assert (await load(one, writer)).status_code == 200
        yield one, other


async def test_of_two_that_would_lead_for_the_same_only_one_is_granted(
    two: tuple[Twin, Twin], writer: Headers, approver: People, reader: Headers
) -> None:
    """Approved at the same moment through two processes on one database, again and again."""
    for n in range(6):
        names = [f"charter:{side}:{n}" for side in ("left", "right")]
        for twin, name in zip(two, names, strict=True):
            change = {"charter": name, "grid": "41" if name.startswith("charter:l") else "410101"}
            await proposed(twin, writer, **change)
            await approved(twin, approver("p-1"), charter=name)
        done = await asyncio.gather(
            *(approved(t, approver("p-2"), charter=c) for t, c in zip(two, names, strict=True))
        )
        assert sorted(status for status, _ in done) == [200, 422], n
        [lost] = [answer for status, answer in done if status == 422]
        assert [e["code"] for e in lost["errors"]] == ["two_leads"]
        winner = names[[status for status, _ in done].index(200)]
        for twin in two:
            assert (await ask(twin, LITTER, reader))["lead"]["charter"] == winner
        why = {"reason": "next round", "approved_by": ["p-1", "p-2"]}
        assert (await post(two[0], f"/charters/{winner}/revocation", writer, why)).is_success


async def test_a_version_in_place_of_another(
    loaded: Twin, writer: Headers, approver: People, reader: Headers
) -> None:
    for version in (1, 2):
        assert await proposed(loaded, writer, rate=version) == version
        for person in ("p-1", "p-2"):
            assert (await approved(loaded, approver(person), version))[0] == 200
    newest, first = (await ask(loaded, f"/charters/{KERB}", reader))["versions"]
    assert (newest["state"], first["state"]) == ("in_force", "ended")
    assert first["stands_to"] == newest["stands_from"]
    assert [word["by"] for word in newest["approvals"]] == ["p-1", "p-2"]
    assert newest["proposed"]["by"] == "operator-1"
    assert newest["granted"]["by"] == "p-2"
    assert (await ask(loaded, LITTER, reader))["lead"]["rate"] == 2


async def test_lists_by_department_matter_ground_and_what_waits(
    loaded: Twin, writer: Headers, reader: Headers
) -> None:
    async def names(query: str) -> list[str]:
        return [row["charter"] for row in await ask(loaded, f"/charters{query}", reader)]

    assert await names("") == ["charter:roads", "charter:water"]
    assert await names("?pending=true") == []
    await proposed(loaded, writer)
    assert await names("?pending=true") == [KERB]
    assert await names("?pending=false") == ["charter:roads", "charter:water"]
    assert await names("?department=roads") == ["charter:roads", KERB]
    assert await names("?matter=event/street/litter") == [KERB, "charter:water"]
    assert await names("?grid=41") == ["charter:roads", KERB]
    assert await names("?grid=410101&matter=part/roads/pothole") == ["charter:roads"]
    assert await names("?limit=1&after=charter:roads") == [KERB]
    assert await names("?at=2019-01-01T00:00:00Z&pending=false") == []
    await ask(loaded, "/charters?grid=4199", reader, 404)
    await ask(loaded, "/charters/charter:none", reader, 404)
    await ask(loaded, "/charters?at=yesterday", reader, 422)


async def test_explain_says_what_was_considered_and_why_it_does_not_apply(
    loaded: Twin, writer: Headers, reader: Headers
) -> None:
    await proposed(loaded, writer)
    why = {"reason": "handed over", "approved_by": ["p-1", "p-2"]}
    await post(loaded, "/charters/roads/revocation", writer, why)
    litter = await ask(loaded, LITTER, reader)
    assert [(e["charter"], e["why"]) for e in litter["considered"]] == [
        (KERB, "proposed"), ("charter:roads", "other_matter")
    ]  # fmt: skip
    pothole = await ask(loaded, "/charters/explain?matter=part/roads/pothole&grid=410101", reader)
    by_charter = {e["charter"]: e for e in pothole["considered"]}
    assert by_charter["charter:roads"]["why"] == "ended"
    assert by_charter["charter:roads"]["at"] is not None
    assert by_charter["charter:water"]["why"] == "other_matter"


async def test_what_nobody_leads_by_ground_and_whom_it_falls_back_to(
    loaded: Twin, writer: Headers, approver: People, reader: Headers
) -> None:
    [whole] = await ask(loaded, "/charters/unled", reader)
    assert (whole["grid"], whole["level"]) == ("41", "district")
    assert whole["matters"] == ["event/street/litter"]
    assert whole["falls_back_to"] is None, "nobody answers for 41 itself"
    await proposed(loaded, writer, grid="410101")
    for person in ("p-1", "p-2"):
        await approved(loaded, approver(person))
    [rest] = await ask(loaded, "/charters/unled", reader)
    assert (rest["grid"], rest["falls_back_to"]["person"]) == ("410102", "p-4")
    assert await ask(loaded, "/charters/unled?grid=410101", reader) == []
    await ask(loaded, "/charters/unled?grid=4199", reader, 404)


async def test_an_operator_does_not_name_themselves_as_one_of_the_two_who_revoke(
    loaded: Twin, writer: Headers
) -> None:
    why = {"reason": "handed over", "approved_by": ["operator-1", "p-2"]}
    answer = await post(loaded, "/charters/roads/revocation", writer, why)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
