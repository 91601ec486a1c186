"""PDFs that act are refused; what they say of their maker is left out."""

import io
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from intake.adapters.evidence.cleaning.clean import clean
from intake.adapters.evidence.cleaning.made import Limits, Unclean
from tests.support import evidence_files as files

PDF = "application/pdf"


def code(sent: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(Unclean) as error:
        clean(sent, PDF, limits or Limits())
    return error.value.code


def action(kind: str, **more: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


ACTIVE: dict[str, dict[str, Any]] = {
    "script when opened": {"OpenAction": action("JavaScript", JS="app.alert(1)")},
    "script by name": {
        "Names": Dictionary(JavaScript=Dictionary(Names=Array(["a", action("JavaScript", JS="1")])))
    },
    "program": {"OpenAction": action("Launch", F="cmd.exe")},
    "form sent elsewhere": {
        "AcroForm": Dictionary(Fields=Array([Dictionary(A=action("SubmitForm", F="x"))]))
    },
    "attached file": {"Names": Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))},
    "form with its own language": {"AcroForm": Dictionary(XFA=Array([]))},
    "deep inside": {"Any": Array([Array([Dictionary(Deep=action("JavaScript"))])])},
}


@pytest.mark.parametrize("what", ACTIVE)
def test_a_document_that_acts_is_refused(what: str) -> None:
    assert code(files.pdf(**ACTIVE[what])) == "active_content"


def test_a_spelling_that_hides_the_name_does_not_help() -> None:
    sent = files.pdf(OpenAction=action("JavaScript", JS="app.alert(1)"))

    assert code(sent.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")) in (
        "active_content",
        "unreadable",
    )


def test_a_plain_one_loses_what_it_says_of_its_maker() -> None:
    sent = files.pdf(OpenAction=Array([]))
    assert files.CANARY.encode() in sent

    made = clean(sent, PDF, Limits())

    assert (made.kind, made.format, made.public) == ("document", PDF, None)
    assert files.CANARY.encode() not in made.protected
    with pikepdf.open(io.BytesIO(made.protected)) as document:
        assert len(document.pages) == 1
        assert dict(document.docinfo) == {}
        assert not {"/OpenAction", "/Metadata"} & set(document.Root.keys())


def test_what_was_behind_its_end_is_gone() -> None:
    made = clean(files.pdf() + b"\n<script>alert(1)</script>", PDF, Limits())

    assert b"<script>" not in made.protected


def test_too_many_pages_a_password_and_rubbish_are_refused() -> None:
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(files.pdf())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))

    assert code(files.pdf(), Limits(pages=0)) == "too_many_pages"
    assert code(locked.getvalue()) == "encrypted"
    assert code(b"%PDF-1.7\nnothing of the kind") == "unreadable"


def test_one_nested_without_end_is_refused() -> None:
    inner = Array([])
    for _ in range(90):
        inner = Array([inner])

    assert code(files.pdf(Any=inner)) == "unreadable"
