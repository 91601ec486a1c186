"""What people are told that they can do, and emergencies, over HTTP against the real store."""

import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from case_contracts.clock import Clock
from case_contracts.events import dispatch as events
from case_contracts.events.registry import StandardPublished
from case_contracts.values import About, Shift
from service_kit import clock
from tests.integration.dispatch.served import served, subject_of
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually
from tests.unit.dispatch.district import LITTER, MANHOLE, START, filed, post, standard

WORKDAY = Shift.model_validate(
    {"weekdays": [1, 2, 3, 4, 5], "hours": {"start": "08:00", "end": "18:00"}}
)


@pytest.fixture(autouse=True)
def monday_morning() -> Any:
    clock.set_clock(Clock(START, time.time(), 1))
    yield
    clock.set_clock(None)


@pytest.fixture
async def dispatch(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Twin]:
    async with served(mongo_url, database, issuer) as twin:
        yield twin


def bearer(issuer: TestIssuer, person: str, scopes: str) -> dict[str, str]:
    return issuer.bearer(person, scopes, "dispatch")


async def assigned(dispatch: Twin, **change: Any) -> events.TaskAssigned:
    case = filed(**change)
    await dispatch.say(case, case.case)
    await eventually(lambda: dispatch.published(events.TaskAssigned))
    await dispatch.settled()
    found: events.TaskAssigned = dispatch.published(events.TaskAssigned)[-1]
    return found


async def waits_for(dispatch: Twin, issuer: TestIssuer, person: str, case: str) -> list[str]:
    """What the person's desk says that the case waits for from them."""
    headers = bearer(issuer, person, "cases.verify cases.read")
    asked = await dispatch.http.get("/cases/desk", headers=headers)
    rows = [row for row in asked.json()["waiting"] if row["case"] == case]
    waits = [wait for row in rows for wait in row["waits"]]
    return [wait["what"] for wait in waits if wait["desk"] == f"person:{person}"]


async def test_a_person_is_told_what_they_can_do_and_why_not_the_rest(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await assigned(dispatch, matter=LITTER)
    url = f"/cases/{task.case}/actions"
    asked = await dispatch.http.get(url, headers=bearer(issuer, "p-w1", "cases.read"))
    found = {each["step"]: each for each in asked.json()}
    assert found["complete_task"]["possible"]
    assert found["verify"]["why"][0]["code"] == "nothing_to_verify"
    assert found["verify"]["label"] == {"zh": "核实", "en": "verify the work"}
    assert found["reassign"]["why"] == [
        {"code": "not_yours",
         "label": {"zh": "这一步不归您", "en": "this step is not yours to take"}}
    ]  # fmt: skip
    assert found["reassign"]["whose"][0]["who"] == "supervisor"


async def test_what_is_refused_comes_with_what_is_possible(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    task = await assigned(dispatch)
    url = f"/cases/{task.case}/verification"
    headers = bearer(issuer, "p-w1", "cases.verify")
    refused = await dispatch.http.post(url, headers=headers, json={"passed": True})
    assert refused.status_code == 409, refused.text
    assert refused.json()["code"] == "nothing_to_verify"
    assert "reassign" in refused.json()["possible"]
    assert "verify" not in refused.json()["possible"]


async def test_whom_it_complains_of_is_told_nothing(dispatch: Twin, issuer: TestIssuer) -> None:
    task = await assigned(dispatch, about=About(kind="person", id="p-lead").model_dump())
    for url in (f"/cases/{task.case}/actions", "/cases/case:none/actions"):
        asked = await dispatch.http.get(url, headers=bearer(issuer, "p-lead", "cases.read"))
        assert asked.status_code == 404


async def test_an_emergency_is_taken_by_the_first_who_comes(
    dispatch: Twin, issuer: TestIssuer
) -> None:
    urgent = standard().model_dump(mode="json")
    for matter in urgent["matters"]:
        matter["conditions"][0]["urgent"] = True
    version = StandardPublished.model_validate({**urgent, "version": 2})
    team = [
        post(person, "leader", grid).model_copy(update={"shifts": (WORKDAY,)})
        for person, grid in (("p-a", "u1"), ("p-b", "c"))
    ]
    for event in (version, *team):
        await dispatch.say(event, subject_of(event))
    task = await assigned(dispatch, matter=MANHOLE, standard={"id": "s", "version": 2})
    alerted = dispatch.published(events.EmergencyAlerted)[-1]
    assert {party.person for party in alerted.posts} == {"p-a", "p-b"}

    async def takes(person: str) -> Any:
        headers = bearer(issuer, person, "cases.verify cases.read")
        return await dispatch.http.post(f"/cases/{task.case}/take", headers=headers, json={})

    assert await waits_for(dispatch, issuer, "p-a", task.case) == ["emergency"]
    assert (await takes("p-w2")).status_code == 404
    taken = await takes("p-b")
    assert taken.status_code == 200, taken.text
    assert taken.json()["task"]["handler"]["person"] == "p-b"
    second = await takes("p-a")
    assert (second.status_code, second.json()["code"]) == (409, "already_taken")
    assert await waits_for(dispatch, issuer, "p-a", task.case) == []
    reasons = dispatch.published(events.TaskAssigned)[0].reasons
    assert [reason.code for reason in reasons] == ["charter_lead", "emergency_alerted"]
