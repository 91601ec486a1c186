"""Those who handle a case see reporters' photos without traces, and all that is of its tasks."""

import io
from typing import Any

from PIL import Image

from tests.integration.intake.evidence.conftest import (
    Reported,
    assign,
    of_task,
    photo,
    report,
)
from tests.support import evidence_files as files
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

HANDLE = {"purpose": "handle-task"}
LARGE = files.jpeg(files.scene(5, (2600, 1950)))


async def sent(reported: Reported, data: bytes, declared: str = "image/jpeg") -> str:
    answer = await reported.send(data, declared)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["evidence"])


async def opened(
    twin: Twin, headers: dict[str, str], evidence: str, case: str, **more: Any
) -> tuple[int, bytes]:
    """What asking for those who handle the case gives: the file, or how it is refused."""
    body = {**HANDLE, "case": case, **more}
    answer = await twin.http.post(f"/evidence/{evidence}/link", json=body, headers=headers)
    if answer.status_code != 200:
        return answer.status_code, b""
    return 200, (await twin.http.get(answer.json()["url"])).content


async def test_the_words_of_a_case_tell_which_evidence_there_is_in_the_same_request(
    intake: Twin, gateway: dict[str, str], service: dict[str, str]
) -> None:
    mine, other = await report(intake), await report(intake)
    shown = await sent(mine, files.png(), "image/png")
    withheld = [
        await sent(mine, files.recording("mp3", "libmp3lame"), "audio/mpeg"),
        await sent(mine, files.pdf(), "application/pdf"),
    ]
    await sent(other, photo(2))
    await assign(intake, mine.case)
    before = (await of_task(intake, gateway, mine.case, photo(3), phase="before")).json()
    ask = {**HANDLE, "case": [mine.case, other.case]}

    many = (await intake.http.get("/vault/words", params=ask, headers=service)).json()
    listed = await intake.http.get(
        "/evidence/attachments", params={"case": mine.case}, headers=gateway
    )

    assert listed.json() == {key: many[0][key] for key in ("attachments", "withheld")}
    assert many[0]["withheld"] == len(withheld)
    first, second = many[0]["attachments"]
    assert first | {"taken_at": None} == {
        "evidence": shown, "phase": "report", "format": "image/jpeg", "taken_at": None
    }  # fmt: skip
    assert (second["evidence"], second["phase"]) == (before["evidence"], "before")
    assert [a["evidence"] for a in many[1]["attachments"]] != []
    audit = intake.runtime.database["vault_audit"].find({"what": "words"})
    assert [row["subject"] async for row in audit] == [mine.case, other.case]


async def test_a_reporters_photo_opens_as_its_public_copy_and_a_tasks_file_as_it_is_kept(
    intake: Twin, gateway: dict[str, str]
) -> None:
    mine = await report(intake)
    theirs = await sent(mine, LARGE)
    await assign(intake, mine.case)
    work = (await of_task(intake, gateway, mine.case, LARGE)).json()["evidence"]

    _, public = await opened(intake, gateway, theirs, mine.case)
    _, kept = await opened(intake, gateway, work, mine.case)

    assert Image.open(io.BytesIO(public)).size == (2048, 1536)
    assert Image.open(io.BytesIO(kept)).size == (2600, 1950)
    rows = await intake.runtime.database["vault_audit"].find({"what": "media"}).to_list(None)
    assert [(r["who"], r["subject"], r["purpose"]) for r in rows] == [
        ("service:gateway", theirs, "handle-task"), ("service:gateway", work, "handle-task")
    ]  # fmt: skip


async def test_what_is_not_theirs_to_see_is_not_there(
    intake: Twin, gateway: dict[str, str], issuer: TestIssuer, reviewer: dict[str, str]
) -> None:
    mine, other = await report(intake), await report(intake)
    voice = await sent(mine, files.recording("mp3", "libmp3lame"), "audio/mpeg")
    foreign, own = await sent(other, photo(2)), await sent(mine, photo(3))
    unread = issuer.bearer("service:gateway", "vault.read", "intake", "service")

    for evidence, case in ((voice, mine.case), (foreign, mine.case), (own, "case:none")):
        assert await opened(intake, gateway, evidence, case) == (404, b"")
    assert await opened(intake, gateway, own, mine.case, copy="protected") == (422, b"")
    assert await opened(intake, unread, own, mine.case) == (403, b"")
    assert await intake.runtime.database["vault_audit"].find_one({"what": "media"}) is None
    await intake.http.post(
        f"/evidence/{own}/removal", json={"reason": "shows_a_bystander"}, headers=reviewer
    )
    assert await opened(intake, gateway, own, mine.case) == (410, b"")
    assert await opened(intake, gateway, own, other.case) == (404, b"")


async def test_evidence_of_a_linked_report_belongs_to_the_case_that_it_stands_behind(
    intake: Twin, gateway: dict[str, str], issuer: TestIssuer
) -> None:
    first, second = await report(intake), await report(intake)
    evidence = await sent(second, photo(4))
    clerk = issuer.bearer("p-000201", "links.decide", "intake")
    linked = await intake.http.post(
        f"/reports/{second.report}/link", json={"case": first.case}, headers=clerk
    )
    assert linked.status_code == 200, linked.text

    status, _ = await opened(intake, gateway, evidence, first.case)

    assert status == 200
    assert (await opened(intake, gateway, evidence, second.case))[0] == 404
