"""Admission over HTTP: proposed by a department, admitted by two others, public, withdrawn."""

from collections.abc import Callable
from typing import Any

import pytest

from case_contracts.events.registry import MatterAdmitted, MatterProposed, MatterWithdrawn
from tests.integration.registry.test_loading import Headers, load
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

POTHOLE, LITTER = "part/roads/pothole", "event/street/litter"
Who = Callable[..., Headers]


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    assert (await load(registry, writer)).status_code == 200
    registry.publisher.envelopes.clear()
    return registry


@pytest.fixture
def staff(issuer: TestIssuer) -> Who:
    """Staff of a department, who propose."""

    def bearer(person: str = "p-11", department: str | None = "roads") -> Headers:
        return issuer.bearer(person, "registry.propose", "registry", department=department)

    return bearer


@pytest.fixture
def approver(issuer: TestIssuer) -> Who:
    return lambda person: issuer.bearer(person, "registry.approve", "registry")


async def post(registry: Twin, path: str, body: Any, headers: Headers, status: int = 200) -> Any:
    answer = await registry.http.post(path, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def public(registry: Twin, query: str = "") -> dict[str, Any]:
    """By matter; asked without a token."""
    answer = await registry.http.get(f"/admissions{query}")
    assert answer.status_code == 200, answer.text
    return {each["matter"]: each for each in answer.json()}


async def test_the_way_of_an_admission(
    loaded: Twin, staff: Who, approver: Who, reader: Headers
) -> None:
    assert set(await public(loaded)) == {LITTER}
    said = await post(loaded, "/admissions", {"matter": POTHOLE}, staff())
    assert said["published"] == {"matter.proposed.v1": 1}
    [proposed] = loaded.published(MatterProposed)
    assert (proposed.department, proposed.proposed_by) == ("roads", "p-11")

    review = f"/admissions/{POTHOLE}/review"
    first = await post(loaded, review, {"verdict": "admit"}, approver("p-21"))
    assert first["published"] == {"matter.reviewed.v1": 1}
    assert set(await public(loaded)) == {LITTER}
    again = await post(loaded, review, {"verdict": "admit"}, approver("p-21"), 409)
    assert again["code"] == "reviewed_already"
    [listed] = (await loaded.http.get("/admissions/proposals?state=open", headers=reader)).json()
    assert (listed["state"], listed["needed"], len(listed["reviews"])) == ("open", 2, 1)
    assert listed["name"] == {"zh": "坑洞", "en": "Pothole"}

    second = await post(loaded, review, {"verdict": "admit"}, approver("p-22"))
    assert second["published"] == {"matter.reviewed.v1": 1, "matter.admitted.v1": 1}
    [admitted] = loaded.published(MatterAdmitted)
    assert (admitted.reviewed_by, admitted.also_reviewed_by) == ("p-21", "p-22")
    found = (await public(loaded))[POTHOLE]
    assert (found["department"], found["department_name"]["en"]) == ("roads", "Roads")
    assert (found["until"], found["urgent"]) == (None, False)
    assert "p-2" not in str(found), "no person is named in public"
    assert set(await public(loaded, "?department=water")) == set()
    assert set(await public(loaded, "?at=2020-01-01T00:00:00Z")) == set()


async def test_who_proposed_it_does_not_review_it(
    loaded: Twin, issuer: TestIssuer, approver: Who
) -> None:
    both = issuer.bearer(
        "p-21", "registry.propose registry.approve", "registry", department="roads"
    )
    await post(loaded, "/admissions", {"matter": POTHOLE}, both)
    problem = await post(loaded, f"/admissions/{POTHOLE}/review", {"verdict": "admit"}, both, 409)
    assert problem["code"] == "own_proposal"
    await post(loaded, f"/admissions/{POTHOLE}/review", {"verdict": "refuse"}, approver("p-22"))
    late = await post(
        loaded, f"/admissions/{POTHOLE}/review", {"verdict": "admit"}, approver("p-23"), 409
    )
    assert late["code"] == "decided_already"


async def test_an_urgent_one_needs_a_single_approver_and_an_end(
    loaded: Twin, staff: Who, approver: Who
) -> None:
    urgent = {"matter": POTHOLE, "urgent": True}
    problem = await post(loaded, "/admissions", urgent, staff(), 422)
    assert [e["code"] for e in problem["errors"]] == ["urgent_open"]
    until = "2999-01-01T00:00:00Z"
    await post(loaded, "/admissions", urgent | {"valid_to": until}, staff())
    await post(loaded, f"/admissions/{POTHOLE}/review", {"verdict": "admit"}, approver("p-21"))
    found = (await public(loaded))[POTHOLE]
    assert (found["urgent"], found["until"]) == (True, until)


async def test_withdrawn_and_admitted_again(
    loaded: Twin, staff: Who, approver: Who, writer: Headers
) -> None:
    why = {"reason": "too much"}
    await post(loaded, f"/admissions/{LITTER}/withdrawal", why, approver("p-21"))
    assert len(loaded.published(MatterWithdrawn)) == 1
    assert await public(loaded) == {}
    problem = await post(loaded, f"/admissions/{LITTER}/withdrawal", why, writer, 409)
    assert problem["code"] == "ended_already"
    await post(loaded, "/admissions", {"matter": LITTER}, staff())
    for person in ("p-21", "p-22"):
        await post(loaded, f"/admissions/{LITTER}/review", {"verdict": "admit"}, approver(person))
    assert set(await public(loaded)) == {LITTER}


async def test_sent_twice_and_dry(loaded: Twin, staff: Who, approver: Who) -> None:
    dry = await post(loaded, "/admissions?dry_run=true", {"matter": POTHOLE}, staff())
    assert dry["dry_run"] is True
    assert loaded.publisher.envelopes == []
    keyed = {"Idempotency-Key": "once"}
    one = await post(loaded, "/admissions", {"matter": POTHOLE}, staff() | keyed)
    assert await post(loaded, "/admissions", {"matter": POTHOLE}, staff() | keyed) == one
    problem = await post(loaded, "/admissions", {"matter": POTHOLE}, staff("p-12"), 409)
    assert problem["code"] == "proposed_already"
    review = f"/admissions/{POTHOLE}/review"
    first = await post(loaded, review, {"verdict": "admit"}, approver("p-21") | keyed)
    assert await post(loaded, review, {"verdict": "admit"}, approver("p-21") | keyed) == first
    assert len(loaded.published(MatterAdmitted)) == 0


async def test_a_review_names_its_proposal(loaded: Twin, staff: Who, approver: Who) -> None:
    await post(loaded, "/admissions", {"matter": POTHOLE}, staff())
    body = {"verdict": "admit", "proposal": "proposal:another"}
    await post(loaded, f"/admissions/{POTHOLE}/review", body, approver("p-21"), 404)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"matter": "part/sea/wave"}, 422, "change_invalid"),
        ({"matter": POTHOLE, "valid_to": "2020-01-01T00:00:00Z"}, 422, "change_invalid"),
        ({"matter": POTHOLE, "department": "water"}, 403, "missing_right"),
        ({"matter": LITTER}, 409, "admitted_already"),
        ({"matter": {"$ne": ""}}, 422, "invalid"),
        ({"matter": POTHOLE, "valid_from": "0001-01-01T00:00:00+08:00"}, 422, "invalid"),
        ({"matter": POTHOLE, "extra": 1}, 422, "invalid"),
    ],
)
async def test_what_is_not_proposed(
    loaded: Twin, staff: Who, body: dict[str, Any], status: int, code: str
) -> None:
    assert (await post(loaded, "/admissions", body, staff(), status))["code"] == code
    assert loaded.publisher.envelopes == []


async def test_operators_propose_for_a_department(loaded: Twin, writer: Headers) -> None:
    await post(loaded, "/admissions", {"matter": POTHOLE}, writer, 422)
    await post(loaded, "/admissions", {"matter": POTHOLE, "department": "none"}, writer, 422)
    await post(loaded, "/admissions", {"matter": POTHOLE, "department": "water"}, writer)


async def test_rights(
    loaded: Twin, staff: Who, approver: Who, reader: Headers, writer: Headers
) -> None:
    """Each route by each role: nobody, reader, staff, staff of nowhere, approver, operator."""
    roles: tuple[Headers, ...] = ({}, reader, staff(), staff("p-1", None), approver("p-21"), writer)
    wanted = {
        "": ({"matter": "part/sea/wave", "department": "roads"}, (401, 403, 422, 403, 403, 422)),
        f"/{POTHOLE}/review": ({"verdict": "admit"}, (401, 403, 403, 403, 404, 403)),
        f"/{POTHOLE}/withdrawal": ({"reason": "x"}, (401, 403, 403, 403, 404, 404)),
    }
    for path, (body, statuses) in wanted.items():
        for who, status in zip(roles, statuses, strict=True):
            await post(loaded, f"/admissions{path}", body, who, status)
    for who, status in zip(roles, (401, 200, 403, 403, 403, 200), strict=True):
        answer = await loaded.http.get("/admissions/proposals", headers=who)
        assert answer.status_code == status
