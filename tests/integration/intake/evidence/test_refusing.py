"""Each attack is refused or cleaned, and what is refused leaves nothing behind."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from structlog import wrap_logger
from structlog.testing import LogCapture

from intake.adapters.evidence import workshop
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from tests.integration.intake.conftest import load
from tests.integration.intake.evidence.conftest import (
    Reported,
    attached,
    media_of,
    photo,
    report,
    stored_names,
)
from tests.support import evidence_files as files
from tests.support.twin import Twin, running

SCRIPT = b"<script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("Payload.class", SCRIPT)
    return out.getvalue()


REFUSED: dict[str, tuple[bytes, str, int, str]] = {
    "script in SVG, as it is": (SVG, "image/svg+xml", 415, "unsupported_type"),
    "script in SVG, as a photo": (SVG, "image/png", 415, "unsupported_type"),
    "web page": (SCRIPT, "text/html", 415, "unsupported_type"),
    "web page, as a photo": (b"<html>" + SCRIPT, "image/jpeg", 415, "unsupported_type"),
    "archive, as a photo": (archive(), "image/jpeg", 415, "unsupported_type"),
    "wrong type": (files.jpeg(), "image/png", 415, "type_mismatch"),
    "photo as a document": (files.jpeg(), "application/pdf", 415, "type_mismatch"),
    "form": (b"--x\r\n", "multipart/form-data; boundary=x", 415, "unsupported_type"),
    "no type": (files.jpeg(), "", 415, "unsupported_type"),
    "pixel bomb": (files.png_bomb(20_000, 2_600), "image/png", 422, "too_many_pixels"),
    "note bomb": (files.png_text_bomb(80), "image/png", 422, "unreadable"),
    "cut off": (files.jpeg()[:5000], "image/jpeg", 422, "unreadable"),
    "animation": (files.animation(101), "image/webp", 422, "too_many_frames"),
    "empty": (b"", "image/jpeg", 422, "invalid"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_refused(reported: Reported, what: str) -> None:
    data, declared, status, code = REFUSED[what]

    answer = await reported.send(data, declared)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert SCRIPT not in answer.content
    twin = reported.twin
    assert (attached(twin), await stored_names(twin), await reported.listed()) == ([], set(), [])
    assert await twin.runtime.database["vault_media"].find_one({}) is None
    assert (await reported.send(photo())).status_code == 201  # it takes no place


@pytest.mark.parametrize("tail", [b"<html>" + SCRIPT, archive()], ids=["html", "archive"])
async def test_a_polyglot_is_cleaned(reported: Reported, tail: bytes) -> None:
    sent = files.jpeg(files.scene(3)) + tail

    evidence = (await reported.send(sent)).json()["evidence"]

    url = (await reported.link(evidence)).json()["url"]
    shown = await reported.twin.http.get(url)
    assert shown.content[:3] == b"\xff\xd8\xff"
    assert SCRIPT not in shown.content
    assert b"PK\x03\x04" not in shown.content


@pytest.fixture
async def narrow(settings: dict[str, Any]) -> AsyncIterator[Twin]:
    """Intake that takes small files only, and few at once."""
    found = IntakeSettings(
        **settings, evidence_photo_bytes=20_000, evidence_film_bytes=40_000,
        evidence_memory_bytes=41_000, evidence_seconds=0.5, request_seconds=2.0,
    )  # fmt: skip
    async with running("intake", lambda edges: build(found, edges), SUBSCRIPTIONS) as twin:
        await load(twin)
        yield twin


async def test_oversized_is_refused_said_or_not(narrow: Twin) -> None:
    reported = await report(narrow)
    large = photo() + bytes(20_001)

    async def unannounced() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 5000):
            yield large[start : start + 5000]

    headers = {"Receipt": reported.receipt, "Content-Type": "image/jpeg"}
    announced = await reported.send(large)
    streamed = await narrow.http.post("/evidence", content=unannounced(), headers=headers)
    film = await reported.send(bytes(40_001), "video/mp4")
    link = await narrow.http.post("/evidence/x/link", content=bytes(70_000))

    for answer in (announced, streamed, film, link):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert attached(narrow) == []


async def test_one_who_sends_too_slowly_is_given_up(narrow: Twin) -> None:
    reported = await report(narrow)
    never = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"\xff\xd8\xff"
        await never.wait()

    headers = {"Receipt": reported.receipt, "Content-Type": "image/jpeg"}
    answer = await narrow.http.post("/evidence", content=slow(), headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (408, "too_slow")


async def test_no_more_is_taken_into_memory_than_there_is_room_for(narrow: Twin) -> None:
    reported = await report(narrow)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def held() -> AsyncIterator[bytes]:
        begun.set()
        await go_on.wait()
        yield b""

    async def send_unannounced() -> httpx.Response:
        headers = {"Receipt": reported.receipt, "Content-Type": "video/mp4"}
        return await narrow.http.post("/evidence", content=held(), headers=headers)

    first = asyncio.create_task(send_unannounced())
    await begun.wait()
    busy = await reported.send(files.jpeg(files.scene(1, (64, 64))), "image/jpeg")
    go_on.set()
    await first

    assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")
    assert (await reported.send(files.jpeg(files.scene(1, (64, 64))))).status_code == 201


async def test_no_request_hangs(
    narrow: Twin, reviewer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those on the path that takes large files, which the kit sets no time for."""
    told = LogCapture()
    monkeypatch.setattr("service_kit.http.within.log", wrap_logger(None, processors=[told]))
    reported = await report(narrow)
    small = files.jpeg(files.scene(1, (64, 64)))
    evidence = (await reported.send(small)).json()["evidence"]
    monkeypatch.setattr(narrow.runtime.committer, "submit", _never)
    monkeypatch.setattr(workshop, "SECONDS", 1.0)

    removal = await narrow.http.post(
        f"/evidence/{evidence}/removal", json={"reason": "wrong"}, headers=reviewer
    )
    sending = await reported.send(small, key="again")
    monkeypatch.setattr(media_of(narrow), "check", _never)
    link = await reported.link(evidence)

    for answer in (removal, sending, link):
        assert (answer.status_code, answer.json()["retry"]) == (503, True)
    assert {entry["event"] for entry in told.entries} == {"no_answer_in_time"}
    assert "POST /evidence/{evidence}/removal" in {entry["request"] for entry in told.entries}


async def _never(*_: Any) -> None:
    await asyncio.Event().wait()
