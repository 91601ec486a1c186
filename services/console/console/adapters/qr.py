"""QR codes as SVG, drawn here."""

import io

import segno
from markupsafe import Markup


def qr_svg(text: str, title: str) -> Markup:
    """An inline element without styles; dark on light in every colour scheme, for cameras."""
    made = segno.make(text, error="m", micro=False)
    out = io.BytesIO()
    made.save(
        out, kind="svg", xmldecl=False, svgns=True, border=3, title=title, omitsize=True,
        svgclass="qr", lineclass=None, dark="#000", light="#fff",
    )  # fmt: skip
    return Markup(out.getvalue().decode())
