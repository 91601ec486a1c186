"""Evidence at the departments' door: seen and attached while the task is theirs, and no longer."""

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.integration.gateway.conftest import Replica
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.own_evidence import PHOTO, Own, end_right
from tests.integration.gateway.test_http import token
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually

LARGEST = 100_000


@pytest.fixture
def replica(replica: Replica) -> Replica:
    settings = replica.settings.model_copy(update={"evidence_bytes": LARGEST})
    return Replica(settings, replica.broker)


async def test_a_task_names_its_evidence_and_what_comes_later_is_listed(
    gateway: Twin, own: Own, vault: FakeVault
) -> None:
    first = vault.put("case:1")
    vault.put("case:1", format="audio/mpeg", state="withheld")
    inbox = await gateway.http.get("/departments/um/inbox", headers=own.headers)
    named = inbox.json()["items"][0]
    assert named["withheld"] == 1
    assert named["attachments"] == [
        {"evidence": first, "phase": "report", "format": "image/jpeg",
         "taken_at": "2026-01-05T01:05:00Z", "url": f"{own.base}/{first}"}
    ]  # fmt: skip
    later = vault.put("case:1", phase="before")
    vault.put("case:other")
    found = (await own.listed()).json()
    assert [each["evidence"] for each in found["attachments"]] == [first, later]
    assert found["withheld"] == 1


async def test_a_file_passes_through_as_it_is_and_the_look_is_noted(
    own: Own, vault: FakeVault
) -> None:
    evidence = vault.put("case:1", content=bytes(range(256)) * 1000)
    url = (await own.listed()).json()["attachments"][0]["url"]
    answer = await own.http.get(url, headers=own.headers)
    assert (answer.status_code, answer.content) == (200, bytes(range(256)) * 1000)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == "256000"
    assert "x-by" not in answer.headers, "a header that nobody has allowed"
    assert vault.looks == [(evidence, "handle-task")]


async def test_what_is_foreign_unknown_or_over_looks_the_same(
    own: Own, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer
) -> None:
    evidence = vault.put("case:1")
    await dispatch.charter("wa")
    theirs = await dispatch.assign("wa", case="case:2")
    of_theirs = vault.put("case:2")
    hidden = vault.put("case:1", state="withheld")
    foreign = Own(own.http, theirs, own.headers)
    unknown = Own(own.http, theirs.model_copy(update={"taskid": "task:unknown"}), own.headers)
    stranger = Own(own.http, own.task, token(issuer, "wa"))

    for each in (foreign, unknown, stranger):
        answers = [await each.listed(), await each.opened(evidence), await each.attach()]
        assert [answer.status_code for answer in answers] == [404, 404, 404]
    said = [(await each.listed()).text for each in (foreign, unknown)]
    assert said[0].replace(theirs.taskid, "?") == said[1].replace("task:unknown", "?")
    missing = [await own.opened(each) for each in (of_theirs, hidden, f"evidence:{uuid.uuid4()}")]
    assert {(answer.status_code, answer.text) for answer in missing} == {(404, missing[0].text)}
    assert (vault.looks, vault.sent) == ([], [])


@pytest.mark.parametrize("how", ["revoked", "reassigned", "taken away"])
async def test_with_the_right_all_of_it_ends(
    own: Own, dispatch: FakeDispatch, vault: FakeVault, how: str
) -> None:
    evidence = vault.put("case:1")
    assert (await own.opened(evidence)).status_code == 200
    await end_right(dispatch, own.task, how)
    await eventually(lambda: _closed(own))
    looked = list(vault.looks)
    assert (await own.opened(evidence)).status_code == 404
    assert (await own.attach()).status_code == 404
    assert (vault.looks, vault.sent) == (looked, [])


async def _closed(own: Own) -> bool:
    return (await own.listed()).status_code == 404


async def test_what_was_removed_is_gone_and_what_intake_refuses_is_passed_on(
    own: Own, vault: FakeVault
) -> None:
    removed, shown = vault.put("case:1", state="removed"), vault.put("case:1")
    gone = await own.opened(removed)
    assert (gone.status_code, gone.json()["code"]) == (410, "removed")
    for status, code, retry in (
        (413, "too_large", None), (415, "type_mismatch", None), (422, "unreadable", None),
        (429, "too_many_requests", "7"), (503, "unavailable", "3"), (409, "evidence_full", None),
        (408, "too_slow", None),
    ):  # fmt: skip
        headers = {"Retry-After": retry} if retry else {}
        vault.refuse = [(status, code, headers), (status, code, headers)]
        for answer in (await own.attach(), await own.opened(shown)):
            assert (answer.status_code, answer.json()["code"]) == (status, code)
            assert answer.json()["detail"] == f"intake says {code}"
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers.get("retry-after") == retry


async def test_while_intake_is_away_or_refuses_us_one_is_asked_to_come_again(
    own: Own, vault: FakeVault
) -> None:
    evidence = vault.put("case:1")
    asks: list[Callable[[], Awaitable[httpx.Response]]] = [
        own.listed, lambda: own.opened(evidence), own.attach
    ]  # fmt: skip

    async def all_say(asked: list[Callable[[], Awaitable[httpx.Response]]]) -> None:
        for answer in [await ask() for ask in asked]:
            assert (answer.status_code, answer.json()["retry"]) == (503, True)
            assert int(answer.headers["retry-after"]) > 0

    vault.away = True
    await all_say(asks)
    vault.away, vault.refuse = False, [(403, "missing_right", {}), (500, "damaged", {})]
    await all_say(asks[1:])
    vault.stop()
    await all_say(asks)


async def test_what_is_attached_says_for_whom_and_the_same_key_is_the_same_evidence(
    own: Own, dispatch: FakeDispatch, vault: FakeVault, issuer: TestIssuer
) -> None:
    first, again = await own.attach(key="photo-1"), await own.attach(key="photo-1")
    assert (first.status_code, first.json()) == (201, again.json())
    said = first.json()
    assert said["url"] == f"{own.base}/{said['evidence']}"
    assert (said["phase"], said["format"], said["size"]) == ("after", "image/jpeg", len(PHOTO))
    [sent] = vault.sent
    assert sent["content"] == PHOTO
    assert {name: sent[name] for name in ("case", "taskid", "phase", "by", "type")} == {
        "case": "case:1", "taskid": own.task.taskid, "phase": "after", "by": "um",
        "type": "image/jpeg",
    }  # fmt: skip
    assert (await own.opened(said["evidence"])).content == PHOTO
    assert (await own.attach(phase="report")).status_code == 422
    await dispatch.charter("wa")
    await dispatch.assign("wa", case="case:1", taskid=own.task.taskid, assignment=2)
    theirs = Own(own.http, own.task, token(issuer, "wa"))
    theirs.base = own.base.replace("/um/", "/wa/")
    await eventually(theirs.is_known)
    other = await theirs.attach(key="photo-1")
    assert other.json()["evidence"] != said["evidence"], "two departments, one key"
    assert vault.sent[1]["by"] == "wa"


@pytest.mark.parametrize("announced", [True, False])
async def test_a_file_may_have_so_many_bytes_and_a_command_still_few(
    own: Own, vault: FakeVault, announced: bool
) -> None:
    async def pieces(number: int) -> AsyncIterator[bytes]:
        for _ in range(number):
            yield bytes(10_000)

    def body(number: int) -> Any:
        return bytes(10_000 * number) if announced else pieces(number)

    assert (await own.attach(body(9))).status_code == 201
    answer = await own.attach(body(11))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert [len(each["content"]) for each in vault.sent] == [90_000]
