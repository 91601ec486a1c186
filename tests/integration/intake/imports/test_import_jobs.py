"""Jobs: once per key, cancelled, refused, taken over; and nothing left of what people wrote."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from case_contracts.events.intake import ImportFinished, ReportReceived
from intake.adapters.import_store import ImportStore, Status
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from tests.integration.intake.imports.conftest import CSV, Importer, told
from tests.support.import_files import WORDS, make
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, eventually, running


async def test_the_same_file_under_the_same_key_is_the_same_job(importer: Importer) -> None:
    content = make(5, MANHOLE, IN_WEST).content
    first = await importer.send(content, key="k-1")
    again = await importer.send(content, key="k-1")
    other = await importer.send(content + b"{}", key="k-1")
    otherwise = await importer.send(content, key="k-1", timezone="UTC")

    assert first.json()["job"] == again.json()["job"]
    for refused in (other, otherwise):
        assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")
    assert (await importer.ended(first.json()["job"]))["opened"] == 5
    assert len((await importer.get("/imports"))["imports"]) == 1


async def test_an_upload_that_broke_off_leaves_nothing_and_can_be_sent_again(
    intake: Twin, importer: Importer
) -> None:
    content = make(1000, MANHOLE, IN_WEST).content

    async def broken() -> AsyncIterator[bytes]:
        yield content[:-50_000]
        raise ConnectionError("the line went dead")

    with pytest.raises(ConnectionError):
        await importer.send(broken(), key="k-1")

    for name in ("imports", "import_chunks"):
        assert await intake.runtime.database[name].count_documents({}) == 0
    answer = await importer.send(content, key="k-1")
    assert (await importer.ended(answer.json()["job"]))["opened"] == 970


async def test_what_a_dead_process_had_begun_to_take_in_is_taken_up_by_the_next(
    intake: Twin, importer: Importer
) -> None:
    content = make(300, MANHOLE, IN_WEST).content
    answer = await importer.send(content, key="k-1")
    job = await importer.ended(answer.json()["job"])
    uploading = {"$set": {"status": Status.UPLOADING.value}}
    await intake.runtime.database["imports"].update_one({"_id": job["job"]}, uploading)

    again = await importer.send(content, key="k-1")

    assert again.json()["job"] == job["job"]
    ended = await importer.ended(job["job"])
    assert (ended["lines"], ended["opened"], ended["bad"]) == (300, 291, 9)
    assert len(intake.published(ReportReceived)) == 291


@pytest.mark.parametrize(
    ("content", "media", "query", "status", "code"),
    [
        (b"", {}, {}, 422, "file_empty"),
        (b"\n\n", {}, {}, 422, "file_empty"),
        (b"ref,text\n", CSV, {}, 422, "file_empty"),
        (b"", CSV, {}, 422, "header_missing"),
        ("ref,text\na,井盖\n".encode("gbk"), CSV, {}, 422, "encoding_wrong"),
        (b"ref,person\na,b\n", CSV, {}, 422, "column_unknown"),
        (b"{}", {"Content-Type": "application/json"}, {}, 415, "media_type_unknown"),
        (b"{}", {}, {"timezone": "Mars/Olympus"}, 422, "invalid"),
        (b"{}", {}, {"timezone": "../../etc/passwd"}, 422, "invalid"),
        (b"{}", {}, {"kind": "other"}, 422, "invalid"),
        (b"{}", {}, {"encoding": "utf-7"}, 422, "invalid"),
    ],
)
async def test_what_is_refused_at_once(
    importer: Importer, content: bytes, media: dict[str, str], query: Any, status: int, code: str
) -> None:
    ndjson = {"Content-Type": "application/x-ndjson"}
    answer = await importer.send(content, {**ndjson, **media}, **query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await importer.get("/imports"))["imports"] == []


@pytest.mark.parametrize(
    ("scope", "kind", "status"),
    [
        ("reports.import", "live", 202),
        ("reports.import", "history", 403),
        ("history.import", "live", 403),
        ("history.import", "history", 202),
        ("reports.staff", "live", 403),
    ],
)
async def test_each_kind_has_its_right(
    intake: Twin, issuer: TestIssuer, scope: str, kind: str, status: int
) -> None:
    importer = Importer(intake, issuer.bearer("p-1", scope, "intake"))

    assert (await importer.send(b'{"ref":"a"}', kind=kind)).status_code == status


async def test_a_job_can_be_cancelled(intake: Twin, importer: Importer) -> None:
    content = make(3000, MANHOLE, IN_WEST).content
    job = await importer.started(content)
    answer = await intake.http.post(f"/imports/{job}/cancel", headers=importer.headers)
    assert answer.status_code == 202

    ended = await importer.ended(job)

    assert (ended["status"], ended["cancelled_by"]) == ("cancelled", "p-000009")
    assert ended["read"] < 3000
    assert ended["read"] == len(intake.published(ReportReceived)) + ended["bad"]
    if ended["read"]:
        [finished] = await eventually(lambda: intake.published(ImportFinished))
        assert (finished.outcome, finished.cancelled_by) == ("cancelled", "p-000009")
    again = await intake.http.post(f"/imports/{job}/cancel", headers=importer.headers)
    assert again.status_code == 202
    await _nothing_is_left(intake, job)


async def test_words_are_sealed_while_they_wait_and_destroyed_after_it(
    intake: Twin, importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()
    go_on = asyncio.Event()
    lines = ImportStore.lines

    async def held(self: ImportStore, job: Any) -> Any:
        asked.set()
        await go_on.wait()
        return await lines(self, job)

    monkeypatch.setattr(ImportStore, "lines", held)
    job = await importer.started(make(150, MANHOLE, IN_WEST).content)
    await asyncio.wait_for(asked.wait(), 20)
    while_waiting = await _everything(intake)
    go_on.set()
    await importer.ended(job)

    assert job in while_waiting
    for stored in (while_waiting, await _everything(intake)):
        for canary in (WORDS, "canary", "张三"):
            assert canary not in stored
    await _nothing_is_left(intake, job)


async def _everything(intake: Twin) -> str:
    found = []
    for name in await intake.runtime.database.list_collection_names():
        found += [str(row) async for row in intake.runtime.database[name].find({})]
    return "\n".join(found)


async def _nothing_is_left(intake: Twin, job: str) -> None:
    database = intake.runtime.database
    key = await database["vault_keys"].find_one({"_id": job})
    assert key is not None
    assert key["wrapped"] is None
    assert await database["import_chunks"].count_documents({"job": job}) == 0


async def test_of_two_replicas_one_works_and_the_other_takes_over(
    intake: Twin, importer: Importer, settings: dict[str, Any]
) -> None:
    made = make(600, MANHOLE, IN_WEST)
    both = IntakeSettings(**settings)
    async with running("intake", lambda edges: build(both, edges), SUBSCRIPTIONS) as second:
        job = await Importer(second, importer.headers).started(made.content)
        ended = await importer.ended(job)

    assert (ended["opened"], ended["bad"]) == (582, 18)
    assert told(await importer.problems(job)) == sorted(made.flaws.items())


async def test_unknown_jobs(intake: Twin, importer: Importer) -> None:
    unknown = "import:3d0c2a5e-1f7b-5b39-8a40-7c0d6c1f2b11"
    for path in ("", "/problems", "/problems.csv"):
        answer = await intake.http.get(f"/imports/{unknown}{path}", headers=importer.headers)
        assert answer.status_code == 404
    answer = await intake.http.get("/imports/$ne", headers=importer.headers)
    assert answer.status_code == 422
