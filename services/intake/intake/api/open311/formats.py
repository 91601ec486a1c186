"""Answers in the two formats of GeoReport v2. XML is JSON with names: a list's items are called by
its name in the singular (the Spark convention), nothing is an empty element."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from starlette.responses import Response


class Format(StrEnum):
    JSON = "json"
    XML = "xml"


MEDIA_TYPES = {Format.JSON: "application/json", Format.XML: "text/xml"}
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may contain, not even escaped."""


def answer(
    wanted: Format,
    root: str,
    content: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """``content`` under ``root``, which JSON leaves out."""
    body = orjson.dumps(content) if wanted is Format.JSON else xml(root, content)
    media_type = f"{MEDIA_TYPES[wanted]}; charset=utf-8"
    return Response(body, status, dict(headers or {}), media_type=media_type)


def xml(root: str, content: Any) -> bytes:
    """The document, with its declaration."""
    element = Element(root)
    _fill(element, content)
    text = tostring(element, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()


def _fill(element: Element, content: Any) -> None:
    match content:
        case None:
            pass
        case bool():
            element.text = str(content).lower()
        case dict():
            for name, value in content.items():
                _fill(SubElement(element, name), value)
        case list():
            for value in content:
                _fill(SubElement(element, ITEMS[element.tag]), value)
        case _:
            element.text = _ILLEGAL.sub("", str(content))
