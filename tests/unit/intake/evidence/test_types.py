"""The content says what a file is, and the sender must say the same."""

import io
import zipfile

import pytest

from intake.adapters.evidence.cleaning.clean import clean
from intake.adapters.evidence.cleaning.made import Limits, Unclean
from intake.adapters.evidence.cleaning.types import PHOTOS, TAKEN, plain
from tests.support import evidence_files as files

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
XML_SVG = b'<?xml version="1.0"?>\n' + SVG
HTML = b"<!doctype html><script>alert(1)</script>"


def office(macros: bool) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", "<w:document/>")
        if macros:
            file.writestr("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")
    return out.getvalue()


HARMFUL = {
    "svg": SVG,
    "svg with a declaration": XML_SVG,
    "html": HTML,
    "zip": office(macros=False),
    "office with macros": office(macros=True),
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "gzip": b"\x1f\x8b\x08" + bytes(100),
    "program": b"\x7fELF" + bytes(200),
    "windows program": b"MZ" + bytes(200),
    "gif": b"GIF89a" + bytes(100),
    "playlist": b"#EXTM3U\nfile:///etc/passwd\n",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "words": "一段文字".encode(),
}


@pytest.mark.parametrize("what", HARMFUL)
@pytest.mark.parametrize("declared", ["image/png", "video/mp4", "application/pdf"])
def test_what_is_not_on_the_list_is_refused_whatever_it_is_said_to_be(
    what: str, declared: str
) -> None:
    with pytest.raises(Unclean) as error:
        clean(HARMFUL[what], declared, Limits())

    assert error.value.code == "unsupported_type"


@pytest.mark.parametrize("declared", [t for t in TAKEN if t != "image/jpeg"])
def test_a_photo_said_to_be_something_else_is_refused(declared: str) -> None:
    with pytest.raises(Unclean) as error:
        clean(files.jpeg(), declared, Limits())

    assert error.value.code == "type_mismatch"


@pytest.mark.parametrize("declared", ["image/svg+xml", "text/html", "application/octet-stream", ""])
def test_a_photo_said_to_be_what_is_not_taken_is_refused(declared: str) -> None:
    with pytest.raises(Unclean) as error:
        clean(files.jpeg(), declared, Limits())

    assert error.value.code == "type_mismatch"


def test_one_type_has_one_name() -> None:
    assert plain("Image/JPG; q=1") == "image/jpeg"
    assert plain("audio/webm;codecs=opus") == "audio/webm"
    assert set(PHOTOS) < set(TAKEN)
