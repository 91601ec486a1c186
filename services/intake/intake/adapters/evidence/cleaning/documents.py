"""Documents: PDFs that do nothing, written anew without what they say of their maker."""

import io
from collections.abc import Iterator
from typing import Any

import pikepdf

from intake.adapters.evidence.cleaning.made import Cleaned, Limits, Unclean

REFUSED_KEYS = {"/JS", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
REFUSED_ACTIONS = {
    "/GoToE", "/GoToR", "/ImportData", "/JavaScript", "/Launch", "/Movie", "/Rendition",
    "/RichMediaExecute", "/Sound", "/SubmitForm",
}  # fmt: skip
REFUSED_NOTES = {"/3D", "/FileAttachment", "/Movie", "/RichMedia", "/Screen", "/Sound"}
STRIPPED_KEYS = ("/AA", "/OpenAction", "/Metadata", "/PieceInfo", "/LastModified")
DEEP = 60


def clean_document(data: bytes, limits: Limits) -> Cleaned:
    """The document, with nothing in it that acts; raises Unclean."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            if len(pdf.pages) > limits.pages:
                raise Unclean("too_many_pages", f"a document may have {limits.pages} pages")
            for each in _dictionaries(pdf):
                _check(each)
                for key in STRIPPED_KEYS:
                    if key in each:
                        del each[key]
            if "/Info" in pdf.trailer:
                del pdf.trailer["/Info"]
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True)
    except pikepdf.PasswordError as error:
        raise Unclean("encrypted", "the document is encrypted: send it without password") from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise Unclean("unreadable", "the document is damaged or cut off: save it anew") from error
    return Cleaned(kind="document", format="application/pdf", protected=out.getvalue())


def _check(found: Any) -> None:
    harmful = REFUSED_KEYS & set(found.keys())
    acts = str(found.get("/S", "")) in REFUSED_ACTIONS
    notes = str(found.get("/Subtype", "")) in REFUSED_NOTES
    if harmful or acts or notes:
        raise Unclean(
            "active_content",
            "the document has scripts, attached files or actions: print it into a new PDF",
        )


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary, also of streams and inside others."""
    pending: list[tuple[Any, int]] = [(each, 0) for each in pdf.objects]
    pending.append((pdf.trailer, 0))
    while pending:
        item, depth = pending.pop()
        if depth > DEEP:
            raise Unclean("unreadable", "the document is nested too deeply")
        if isinstance(item, pikepdf.Array):
            pending += _direct(list(item), depth)
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            pending += _direct([item[key] for key in item.keys()], depth)  # noqa: SIM118
            yield item


def _direct(items: list[Any], depth: int) -> list[tuple[Any, int]]:
    """What is referred to by number is in ``pdf.objects`` itself."""
    objects = [each for each in items if isinstance(each, pikepdf.Object)]
    return [(each, depth + 1) for each in objects if not each.is_indirect]
