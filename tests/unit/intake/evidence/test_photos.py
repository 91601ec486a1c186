"""Photos come out as pixels: whatever else a file carried is gone, and bombs are refused."""

import io
import zipfile
from typing import Any

import pytest
from PIL import Image

from intake.adapters.evidence.cleaning.clean import clean
from intake.adapters.evidence.cleaning.made import Cleaned, Limits, Unclean
from intake.adapters.evidence.cleaning.photos import fingerprint
from intake.domain.evidence.likeness import NEAR, distance
from tests.support import evidence_files as files

SMALL = Limits(pixels=1_000_000, frames=5)
PHOTOS = {
    "image/jpeg": files.jpeg,
    "image/png": files.png,
    "image/webp": files.webp,
    "image/heic": files.heic,
}
SCRIPT = b"<html><script>alert(document.domain)</script></html>"


def refused(data: bytes, declared: str = "image/png", limits: Limits = SMALL) -> str:
    with pytest.raises(Unclean) as error:
        clean(data, declared, limits)
    return error.value.code


def copies(cleaned: Cleaned) -> list[bytes]:
    assert cleaned.public is not None
    return [cleaned.protected, cleaned.public]


@pytest.mark.parametrize("declared", PHOTOS)
def test_no_copy_carries_what_the_camera_noted(declared: str) -> None:
    sent = PHOTOS[declared]()
    assert b"Exif" in sent or b"EXIF" in sent or b"eXIf" in sent

    cleaned = clean(sent, declared, SMALL)

    for copy in copies(cleaned):
        assert files.CANARY.encode() not in copy
        with Image.open(io.BytesIO(copy)) as opened:
            assert dict(opened.getexif()) == {}
            assert not {"exif", "xmp", "comment", "icc_profile"} & set(opened.info)


@pytest.mark.parametrize("declared", PHOTOS)
def test_time_and_place_are_kept_apart(declared: str) -> None:
    cleaned = clean(PHOTOS[declared](), declared, SMALL)

    assert cleaned.taken == "2026-01-05T09:05:00+08:00"
    assert cleaned.place == pytest.approx(files.PLACE, abs=1e-6)


def test_a_photo_lying_on_its_side_is_turned_upright() -> None:
    sent = files.jpeg(files.scene(1, (640, 480)), exif=files.exif(orientation=6))

    cleaned = clean(sent, "image/jpeg", SMALL)

    assert [Image.open(io.BytesIO(copy)).size for copy in copies(cleaned)] == [(480, 640)] * 2


def test_the_public_copy_is_small_and_the_protected_one_whole() -> None:
    limits = Limits(pixels=1_000_000, edge=100)

    protected, public = copies(clean(files.png(), "image/png", limits))

    assert Image.open(io.BytesIO(protected)).size == (640, 480)
    assert Image.open(io.BytesIO(public)).size == (100, 75)
    assert Image.open(io.BytesIO(public)).format == "JPEG"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("payload.class", b"\xca\xfe\xba\xbe" + SCRIPT)
    return out.getvalue()


@pytest.mark.parametrize(
    "tail", [SCRIPT, archive(), b"%PDF-1.7\n" + SCRIPT], ids=["html", "zip", "pdf"]
)
@pytest.mark.parametrize("declared", ["image/jpeg", "image/png", "image/webp"])
def test_a_polyglot_dies(declared: str, tail: bytes) -> None:
    for copy in copies(clean(PHOTOS[declared]() + tail, declared, SMALL)):
        assert SCRIPT not in copy
        assert b"PK\x05\x06" not in copy


def test_a_polyglot_in_a_comment_dies() -> None:
    sent = files.jpeg(comment=SCRIPT)
    assert SCRIPT in sent

    assert all(SCRIPT not in copy for copy in copies(clean(sent, "image/jpeg", SMALL)))


def test_transparency_stays_in_the_protected_copy() -> None:
    picture = files.scene(1).convert("RGBA")
    picture.putalpha(128)

    protected, public = copies(clean(files.png(picture), "image/png", SMALL))

    assert Image.open(io.BytesIO(protected)).mode == "RGBA"
    assert Image.open(io.BytesIO(public)).mode == "RGB"


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def unpacked(*_: Any) -> None:
        raise AssertionError("it was unpacked")

    bomb = files.png_bomb(20_000, 2_600)  # 52 million pixels in 150 kB
    assert len(bomb) < 200_000
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", unpacked)

    assert refused(bomb, limits=Limits()) == "too_many_pixels"
    assert refused(files.png_bomb(1001, 1000)) == "too_many_pixels"  # just over ours


@pytest.mark.parametrize("bomb", [files.png_text_bomb, files.png_profile_bomb])
def test_notes_and_profiles_that_unpack_to_much_are_refused(bomb: Any) -> None:
    sent = bomb(80)
    assert len(sent) < 500_000

    assert refused(sent) == "unreadable"


def test_an_animation_has_few_frames_and_the_first_is_kept() -> None:
    assert refused(files.animation(6), "image/webp") == "too_many_frames"
    kept = clean(files.animation(5), "image/webp", SMALL).protected
    with Image.open(io.BytesIO(kept)) as opened:
        assert getattr(opened, "n_frames", 1) == 1


@pytest.mark.parametrize("declared", PHOTOS)
def test_what_is_cut_off_is_refused(declared: str) -> None:
    sent = PHOTOS[declared]()

    assert refused(sent[: len(sent) // 2], declared) == "unreadable"
    assert refused(sent[:40], declared) in ("unreadable", "unsupported_type")


def test_a_damaged_note_is_no_reason_to_refuse_the_photo() -> None:
    sent = bytearray(files.jpeg())
    at = sent.index(b"Exif\0\0") + 6
    sent[at + 4 : at + 200] = b"\xff" * 196

    cleaned = clean(bytes(sent), "image/jpeg", SMALL)

    assert (cleaned.taken, cleaned.place) == (None, None)


def test_the_same_photo_looks_the_same_however_it_was_sent() -> None:
    picture = files.scene(7)
    first = clean(files.jpeg(picture), "image/jpeg", SMALL).fingerprint
    smaller = clean(files.jpeg(picture.resize((320, 240)), quality=55), "image/jpeg", SMALL)
    other = clean(files.jpeg(files.scene(8)), "image/jpeg", SMALL).fingerprint

    assert first is not None
    assert smaller.fingerprint is not None
    assert other is not None
    assert distance(first, smaller.fingerprint) <= NEAR < distance(first, other)


def test_a_picture_with_nothing_in_it_has_no_fingerprint() -> None:
    assert fingerprint(Image.new("RGB", (100, 100), "black")) is None
