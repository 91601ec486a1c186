"""What a photo says beside its pixels is nowhere but sealed; whom it is about does not see it."""

import logging
from datetime import timedelta
from typing import Any

import bson
import orjson
import pytest

from service_kit import clock
from tests.integration.intake.evidence.conftest import (
    Reported,
    assign,
    attached,
    media_of,
    of_task,
    photo,
    report,
)
from tests.support import evidence_files as files
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

NAME = "canary-file-name-张三.jpg"
CANARIES = [w.encode() for w in (files.CANARY, "canary-file-name", "113.6123", "34.7123")]


async def dump(twin: Twin) -> dict[str, bytes]:
    """Every collection as bytes: BSON, and JSON too, so that no spelling of a number hides."""
    database = twin.runtime.database
    found = {}
    for name in await database.list_collection_names():
        rows = await database[name].find({}).to_list(None)
        plain = orjson.dumps(rows, default=str)
        found[name] = b"".join(bson.encode(row) for row in rows) + plain
    return found


def canaries_in(content: bytes) -> list[bytes]:
    return [canary for canary in CANARIES if canary in content]


@pytest.mark.parametrize(
    ("make", "declared"),
    [(files.jpeg, "image/jpeg"), (files.png, "image/png"), (files.heic, "image/heic"),
     (files.pdf, "application/pdf")],
)  # fmt: skip
async def test_exif_and_file_names_get_nowhere(
    reported: Reported,
    reviewer: dict[str, str],
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    make: Any,
    declared: str,
) -> None:
    twin, said = reported.twin, make()
    caplog.set_level(logging.INFO)
    assert files.CANARY.encode() in said
    named = {"Content-Disposition": f"attachment; filename*=UTF-8''{NAME.encode().hex()}",
             "X-File-Name": "canary-file-name.jpg"}  # fmt: skip

    evidence = (await reported.send(said, declared, **named)).json()["evidence"]
    await reported.send(said[:3000], declared, **named)  # a refusal says nothing either

    shown = {}
    for copy in ("public", "protected"):
        body = {"copy": copy, "purpose": "audit"}
        link = await twin.http.post(f"/evidence/{evidence}/link", json=body, headers=reviewer)
        if link.status_code == 200:
            shown[copy] = (await twin.http.get(link.json()["url"])).content
    assert "protected" in shown
    messages = b"".join(e.model_dump_json().encode() for e in twin.publisher.envelopes)
    logged = ("".join(capfd.readouterr()) + caplog.text).encode()
    answers = (await twin.http.get("/evidence", params={"case": reported.case},
                                   headers=reviewer)).content  # fmt: skip
    places = {**await dump(twin), **shown, "messages": messages, "logs": logged, "list": answers}
    assert {"vault_media", "media.chunks", "commits", "view_evidence"} <= set(places)
    for place, content in places.items():
        assert canaries_in(content) == [], place


async def test_the_exact_place_is_kept_sealed(reported: Reported) -> None:
    evidence = (await reported.send(photo())).json()["evidence"]
    media = media_of(reported.twin)
    row = await media.rows.find(evidence)
    assert row is not None

    taken = await media.taken(row)

    assert taken.place == pytest.approx(files.PLACE, abs=1e-6)
    assert taken.at == "2026-01-05T09:05:00+08:00"


async def test_the_event_says_when_it_was_taken_only_where_that_can_be(reported: Reported) -> None:
    hour_ago = clock.now().replace(microsecond=0) - timedelta(hours=1)
    local = (hour_ago + timedelta(hours=8)).strftime("%Y:%m:%d %H:%M:%S")

    await reported.send(files.jpeg(files.scene(1), exif=files.exif(taken=local)))
    await reported.send(files.jpeg(files.scene(2), exif=files.exif(taken="1999:01:01 00:00:00")))

    assert [event.taken_at for event in attached(reported.twin)] == [hour_ago, None]


async def test_nobody_sees_evidence_of_a_complaint_about_themselves(
    intake: Twin, reviewer: dict[str, str], issuer: TestIssuer
) -> None:
    complaint = await report(intake, about={"kind": "person", "id": "p-000077"})
    evidence = (await complaint.send(photo())).json()["evidence"]
    await assign(intake, complaint.case)
    other = issuer.bearer("p-000088", "evidence.read evidence.write evidence.remove", "intake")

    for headers, status in ((reviewer, 404), (other, 200)):
        for asked in ({"case": complaint.case}, {"report": complaint.report}):
            listed = await intake.http.get("/evidence", params=asked, headers=headers)
            assert listed.status_code == status
        of_case = await intake.http.get(
            "/evidence/attachments", params={"case": complaint.case}, headers=headers
        )
        assert of_case.status_code == status
        for_handlers = {"case": complaint.case, "purpose": "handle-task"}
        path = f"/evidence/{evidence}/link"
        assert (await intake.http.post(path, json=for_handlers, headers=headers)).status_code == (
            status
        )
        body = {"copy": "public", "purpose": "audit"}
        link = await intake.http.post(path, json=body, headers=headers)
        assert link.status_code == status
    assert (await of_task(intake, reviewer, complaint.case, photo(2))).status_code == 404
    removal = await intake.http.post(
        f"/evidence/{evidence}/removal", json={"reason": "mine"}, headers=reviewer
    )
    assert removal.status_code == 404


async def test_nor_does_the_department_that_it_is_about(intake: Twin, issuer: TestIssuer) -> None:
    complaint = await report(intake, about={"kind": "department", "id": "urban-management"})
    await complaint.send(photo())
    theirs = issuer.bearer(
        "p-1", "evidence.read", "intake", "department", department="urban-management"
    )

    listed = await intake.http.get("/evidence", params={"case": complaint.case}, headers=theirs)

    assert listed.status_code == 404


async def test_the_same_photo_sent_again_tells_nothing_of_a_complaint(
    intake: Twin, reviewer: dict[str, str], issuer: TestIssuer
) -> None:
    complaint = await report(intake, about={"kind": "person", "id": "p-000077"})
    evidence = (await complaint.send(photo())).json()["evidence"]
    again = await report(intake)
    await again.send(photo())
    other = issuer.bearer("p-000088", "evidence.read evidence.remove", "intake")

    async def alike(headers: dict[str, str]) -> list[str]:
        asked = {"report": again.report}
        [row] = (await intake.http.get("/evidence", params=asked, headers=headers)).json()["items"]
        return [each["case"] for each in row["same_as"]]

    assert (await alike(other), await alike(reviewer)) == ([complaint.case], [])
    removal = {"reason": "mine"}
    await intake.http.post(f"/evidence/{evidence}/removal", json=removal, headers=other)
    assert await alike(reviewer) == []
