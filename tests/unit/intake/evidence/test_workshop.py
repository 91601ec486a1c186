"""Files are cleaned in processes that know nothing, and that are ended when they take too long."""

import asyncio
import sys
from pathlib import Path

import pytest

from intake.adapters.evidence import workshop as module
from intake.adapters.evidence.cleaning.made import Limits
from intake.adapters.evidence.workshop import Workshop
from intake.domain.evidence.errors import Unreadable, UnsupportedType
from service_kit.errors import Unavailable
from tests.support import evidence_files as files


def made(room: int = 1_000_000, seconds: float = 30, **limits: int) -> Workshop:
    return Workshop(Limits(**limits), workers=2, room=room, seconds=seconds)


def instead(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another process than ours, as one that a harmful file has taken over."""
    monkeypatch.setattr(module, "_COMMAND", (sys.executable, "-I", "-c", program))


async def test_what_comes_back_is_what_was_made() -> None:
    made_ = await made().clean(files.jpeg(), "image/jpeg")

    assert (made_.kind, made_.format, made_.public_format) == ("photo", "image/jpeg", "image/jpeg")
    assert made_.protected[:3] == made_.public[:3] == b"\xff\xd8\xff"  # type: ignore[index]  # it is there
    assert made_.place == pytest.approx(files.PLACE, abs=1e-6)


async def test_refusals_keep_their_code() -> None:
    with pytest.raises(UnsupportedType) as wrong:
        await made().clean(files.jpeg(), "image/png")
    with pytest.raises(Unreadable) as bomb:
        await made(pixels=1000).clean(files.jpeg(), "image/jpeg")

    assert (wrong.value.status, wrong.value.code) == (415, "type_mismatch")
    assert (bomb.value.status, bomb.value.code) == (422, "too_many_pixels")


async def test_a_process_that_dies_or_never_ends_takes_nothing_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instead(monkeypatch, "import os; os.kill(os.getpid(), 11)")
    with pytest.raises(Unreadable):
        await made().clean(b"x", "image/png")

    instead(monkeypatch, "import time; time.sleep(100)")
    with pytest.raises(Unreadable):
        await made(seconds=0.3).clean(b"x", "image/png")


async def test_it_does_not_know_our_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CIVICGRID_VAULT_KEYS", "k1:secret")
    seen = tmp_path / "environment"
    instead(monkeypatch, f"import os; open({str(seen)!r}, 'w').write(str(dict(os.environ)))")

    with pytest.raises(Unreadable):
        await made().clean(b"x", "image/png")

    assert "OPENBLAS" in seen.read_text()
    assert "secret" not in seen.read_text()
    assert "CIVICGRID" not in seen.read_text()


async def test_it_can_neither_take_much_memory_nor_write_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    greedy = (
        "from intake.adapters.evidence.cleaning import __main__ as m\n"
        "m._confined()\n"
        f"try:\n open({str(tmp_path / 'written')!r}, 'wb').write(b'x')\n"
        "except OSError: pass\n"
        "bytearray(3 * 1024**3)\n"
        f"open({str(tmp_path / 'survived')!r}, 'wb')\n"
    )
    instead(monkeypatch, greedy)

    with pytest.raises(Unreadable):
        await made().clean(b"x", "image/png")

    assert not (tmp_path / "survived").exists()
    written = tmp_path / "written"
    assert not written.exists() or written.read_bytes() == b""


async def test_the_largest_photo_that_is_allowed_is_cleaned_within_the_limits() -> None:
    bomb = files.png_bomb(10_000, 5_000)  # 50 million pixels

    cleaned = await made(seconds=60).clean(bomb, "image/png")

    assert cleaned.fingerprint is None  # it is black


async def test_only_so_much_is_in_memory_at_once() -> None:
    workshop = made(room=100)

    async with workshop.room_for(60):
        with pytest.raises(Unavailable):
            async with workshop.room_for(60):
                pass
    async with workshop.room_for(100):
        await asyncio.sleep(0)
