"""Links show one copy, to whom it may be shown, for a few minutes, and every look is noted."""

import io
import time
from typing import Any

import pytest
from PIL import Image

from intake.adapters.evidence.links import Link, Links
from tests.integration.intake.evidence.conftest import (
    Reported,
    assign,
    attached,
    of_task,
    photo,
    report,
)
from tests.support import evidence_files as files
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

LOOK = {"copy": "protected", "purpose": "verify"}


async def link(
    twin: Twin, headers: dict[str, str], evidence: str, **body: Any
) -> tuple[int, dict[str, Any]]:
    answer = await twin.http.post(
        f"/evidence/{evidence}/link", json={**LOOK, **body}, headers=headers
    )
    found: dict[str, Any] = answer.json()
    return answer.status_code, found


async def sent(reported: Reported, data: bytes | None = None, declared: str = "image/jpeg") -> str:
    answer = await reported.send(data or photo(), declared)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["evidence"])


async def test_a_reporter_sees_the_public_copy_of_their_own(reported: Reported) -> None:
    evidence = await sent(reported)

    answer = await reported.link(evidence)
    shown = await reported.twin.http.get(answer.json()["url"])

    assert (answer.status_code, shown.status_code) == (200, 200)
    assert Image.open(io.BytesIO(shown.content)).size == (640, 480)
    headers = shown.headers
    assert headers["content-type"] == "image/jpeg"
    assert (
        headers["content-disposition"]
        == f'attachment; filename="{evidence[:17].replace(":", "-")}.jpg"'
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cache-control"] == "no-store, private"
    assert int(headers["content-length"]) == len(shown.content)


async def test_a_reporter_sees_nothing_else(intake: Twin, gateway: dict[str, str]) -> None:
    mine, theirs = await report(intake), await report(intake)
    own, foreign = await sent(mine), await sent(theirs, photo(2))
    sound = await sent(mine, files.recording("mp3", "libmp3lame"), "audio/mpeg")
    await assign(intake, mine.case)
    before = (await of_task(intake, gateway, mine.case, photo(3), phase="before")).json()
    await assign(intake, theirs.case)
    after = (await of_task(intake, gateway, theirs.case, photo(4))).json()

    assert (await mine.link(own, copy="protected")).status_code == 422
    for evidence in (foreign, sound, before["evidence"], after["evidence"]):
        assert (await mine.link(evidence)).status_code == 404
    assert (await theirs.link(after["evidence"])).status_code == 200
    assert {e["evidence"] for e in await mine.listed()} == {own, sound}


async def test_staff_see_the_protected_copy_for_a_purpose_and_it_is_noted(
    reported: Reported, reviewer: dict[str, str]
) -> None:
    twin, evidence = reported.twin, await sent(reported)

    status, answer = await link(twin, reviewer, evidence)
    without, _ = await link(twin, reviewer, evidence, purpose=None)

    assert (status, without) == (200, 422)
    assert (await twin.http.get(answer["url"])).content[:3] == b"\xff\xd8\xff"
    rows = await twin.runtime.database["vault_audit"].find({"what": "media"}).to_list(None)
    assert [(r["who"], r["subject"], r["purpose"]) for r in rows] == [
        ("p-000077", evidence, "verify")
    ]


async def test_who_lacks_the_right_gets_no_link(
    reported: Reported, staff: dict[str, str], issuer: TestIssuer
) -> None:
    evidence, twin = await sent(reported), reported.twin
    elsewhere = issuer.bearer("p-1", "evidence.read", "dispatch")

    assert (await link(twin, {}, evidence))[0] == 401
    assert (await link(twin, elsewhere, evidence))[0] == 401
    assert (await link(twin, staff, evidence))[0] == 403
    assert (await twin.http.get("/evidence", params={"case": reported.case})).status_code == 401
    assert await twin.runtime.database["vault_audit"].find_one({"what": "media"}) is None


async def test_a_link_ends_and_cannot_be_made_or_changed(
    reported: Reported, reviewer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    twin, evidence = reported.twin, await sent(reported)
    links: Links = twin.runtime.extras["links"]
    _, answer = await link(twin, reviewer, evidence, copy="public", seconds=60)
    token = answer["url"].rsplit("/", 1)[1]
    now = time.time()
    assert now < links.read(token, now).until <= now + 60

    forged = Links()
    forged.open(b"x" * 32)
    made = forged.sign(Link(evidence, "protected", int(now) + 60))
    changed = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    for wrong in (made, changed, token[:-4], "A" * 71):
        refused = await twin.http.get(f"/evidence/files/{wrong}")
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found")

    monkeypatch.setattr(time, "time", lambda: now + 61)
    late = await twin.http.get(answer["url"])
    assert (late.status_code, late.json()["code"]) == (410, "link_expired")


async def test_no_link_is_good_for_longer_than_the_district_allows(
    reported: Reported, reviewer: dict[str, str]
) -> None:
    evidence = await sent(reported)

    assert (await link(reported.twin, reviewer, evidence, seconds=301))[0] == 422
    _, answer = await link(reported.twin, reviewer, evidence)
    token = answer["url"].rsplit("/", 1)[1]
    assert reported.twin.runtime.extras["links"].read(token, 0).until <= time.time() + 300


async def test_staff_list_a_case_page_by_page(reported: Reported, reviewer: dict[str, str]) -> None:
    twin = reported.twin
    await assign(twin, reported.case)
    mine = [await sent(reported, photo(n)) for n in range(3)]
    mine.append((await of_task(twin, reviewer, reported.case, photo(9))).json()["evidence"])

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        asked = {"case": reported.case, "limit": "3", **cursor}
        page = (await twin.http.get("/evidence", params=asked, headers=reviewer)).json()
        seen += [item["evidence"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"after": page["next"]}

    assert seen == mine
    asked = {"report": reported.report}
    of_report = await twin.http.get("/evidence", params=asked, headers=reviewer)
    assert [item["evidence"] for item in of_report.json()["items"]] == mine[:3]
    assert {e.evidence for e in attached(twin)} == set(mine)
    both = {"report": reported.report, "case": reported.case}
    assert (await twin.http.get("/evidence", params=both, headers=reviewer)).status_code == 422


async def test_evidence_stands_behind_the_case_that_its_report_was_linked_to(
    intake: Twin, issuer: TestIssuer
) -> None:
    first, second = await report(intake), await report(intake)
    evidence = await sent(second)
    linker = issuer.bearer("p-000088", "links.decide evidence.read", "intake")

    async def listed(case: str) -> list[str]:
        answer = await intake.http.get("/evidence", params={"case": case}, headers=linker)
        return [item["evidence"] for item in answer.json()["items"]]

    assert (await listed(first.case), await listed(second.case)) == ([], [evidence])
    linked = await intake.http.post(
        f"/reports/{second.report}/link", json={"case": first.case}, headers=linker
    )
    assert linked.status_code == 200, linked.text

    assert (await listed(first.case), await listed(second.case)) == ([evidence], [])
    assert [item["evidence"] for item in await second.listed()] == [evidence]
    assert await first.listed() == []
