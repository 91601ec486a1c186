"""Two who would lead for the same, versions in place of others, lists and explanations."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from case_contracts.events.registry import CharterGranted
from tests.integration.registry.chartering.asked import (
    KERB,
    LITTER,
    People,
    approved,
    post,
    proposed,
)
from tests.integration.registry.conftest import Start
from tests.integration.registry.test_loading import Headers, load
from tests.integration.registry.test_questions import ask
from tests.support.twin import Twin


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
