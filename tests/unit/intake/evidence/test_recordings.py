"""Sound and films come out as their streams: tags, covers, other tracks and tails are gone."""

import io

import av
import pytest

from intake.adapters.evidence.cleaning.clean import clean
from intake.adapters.evidence.cleaning.made import Cleaned, Limits, Unclean
from tests.support import evidence_files as files

RECORDINGS = {
    "audio/mpeg": ("mp3", "libmp3lame", "sound"),
    "audio/mp4": ("ipod", "aac", "sound"),
    "audio/ogg": ("ogg", "libopus", "sound"),
    "audio/wav": ("wav", "pcm_s16le", "sound"),
    "audio/webm": ("webm", "libopus", "sound"),
    "video/mp4": ("mp4", "mpeg4", "film"),
    "video/quicktime": ("mov", "mpeg4", "film"),
    "video/webm": ("webm", "libvpx", "film"),
}


def cleaned(declared: str, sent: bytes) -> Cleaned:
    return clean(sent, declared, Limits())


def sample(declared: str) -> bytes:
    container, codec, _ = RECORDINGS[declared]
    return files.recording(container, codec)


def streams(data: bytes) -> tuple[list[str], int]:
    """Their kinds, and how many bytes are in them."""
    with av.open(io.BytesIO(data), "r") as file:
        return [stream.type for stream in file.streams], sum(p.size for p in file.demux())


@pytest.mark.parametrize("declared", RECORDINGS)
def test_tags_are_gone_and_the_streams_are_there(declared: str) -> None:
    sent = sample(declared)
    assert files.CANARY.encode() in sent

    made = cleaned(declared, sent)

    assert made.kind == RECORDINGS[declared][2]
    assert made.format == declared.replace("quicktime", "mp4")
    assert files.CANARY.encode() not in made.protected
    assert b"+34.7" not in made.protected
    assert streams(made.protected) == streams(sent)
    assert made.public is None


def test_the_place_of_a_film_is_kept_apart() -> None:
    assert cleaned("video/mp4", sample("video/mp4")).place == (113.6, 34.7)


@pytest.mark.parametrize("declared", RECORDINGS)
def test_a_tail_is_cut_off(declared: str) -> None:
    script = b"<html><script>alert(1)</script></html>" * 40

    made = cleaned(declared, sample(declared) + script)

    assert b"<script>" not in made.protected


@pytest.mark.parametrize("declared", ["audio/mp4", "video/mp4", "video/webm", "audio/ogg"])
def test_half_a_head_is_refused(declared: str) -> None:
    with pytest.raises(Unclean) as error:
        cleaned(declared, sample(declared)[:60])

    assert error.value.code in ("unreadable", "unsupported_type")


def test_a_film_said_to_be_sound_is_refused() -> None:
    with pytest.raises(Unclean) as error:
        cleaned("audio/mp4", sample("video/mp4"))

    assert error.value.code == "type_mismatch"


def test_sound_in_a_film_s_container_is_sound() -> None:
    assert cleaned("video/mp4", sample("audio/mp4")).kind == "sound"


def test_a_film_that_refers_to_other_files_opens_none() -> None:
    """A container that names files beside it: our readers get its bytes and nothing to open."""
    with pytest.raises(Unclean):
        cleaned("video/mp4", b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"file:///etc/passwd" * 9)
