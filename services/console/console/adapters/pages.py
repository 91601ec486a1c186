"""Rendering a page: templates, labels, links that keep the language, times in the district's
zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from console.adapters.catalogue import Labels, read
from console.adapters.files import Files
from console.adapters.pictures import SHEET, drawn
from console.domain.moments import Span, said
from console.domain.receipts import in_groups
from console.domain.services import picture
from service_kit.language import Language, chosen, preferred

TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
"""How a page says its language to browsers and screen readers."""
OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}


@dataclass(frozen=True)
class Reader:
    """How one request is answered. ``asked`` is the language of the address, kept in its links."""

    language: Language
    asked: Language | None

    @classmethod
    def of(cls, request: Request) -> "Reader":
        asked = chosen(request.query_params.get("lang"))
        wish = preferred(request.headers.get("accept-language", ""))
        return cls(asked or wish, asked)

    def link(self, path: str, **query: str) -> str:
        """A path of ours, with the language where the address has one."""
        kept = {name: value for name, value in query.items() if value}
        kept |= {"lang": self.asked} if self.asked else {}
        return f"{path}?{urlencode(kept)}" if kept else path


class Pages:
    """Templates with autoescape; what a template names and is not given is an error."""

    def __init__(self, files: Files, zone: str, *, tile_url: str | None, staff_login: bool) -> None:
        self._zone, self._texts = ZoneInfo(zone), read()
        pictures = drawn(files.body(SHEET))
        self._environment = Environment(
            loader=PackageLoader("console"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "static": files.url, "in_groups": in_groups, "tile_url": tile_url, "zone": zone,
            "tag": TAGS, "staff_login": staff_login,
            "picture_of": lambda service: picture(service.code, pictures),
        }  # fmt: skip

    def labels(self, language: Language) -> Labels:
        return Labels(self._texts[language])

    def show(
        self, request: Request, name: str, given: Mapping[str, Any], status: int = 200
    ) -> HTMLResponse:
        """The page of that template, in the reader's language."""
        reader = Reader.of(request)
        known = self._known(request, reader)
        html = self._environment.get_template(name).render(**known, **given)  # no name twice
        return HTMLResponse(html, status, {"Content-Language": reader.language})

    def _known(self, request: Request, reader: Reader) -> dict[str, Any]:
        labels = self.labels(reader.language)
        district = request.app.state.house.territory.names
        return {
            "t": labels,
            "lang": reader.language,
            "lang_asked": reader.asked,
            "switch": OTHER[reader.language],
            "link": reader.link,
            "district": district.get(reader.language, ""),
            "other_link": _other_link(request, reader.language),
            "label": lambda text: getattr(text, reader.language),
            "moment": lambda when: self._moment(when, reader.language),
            "span": lambda length: _span(length, labels),
        }

    def _moment(self, when: datetime, language: Language) -> Markup:
        """A time that a script writes anew where the reader is in another zone."""
        form = Markup('<time datetime="{}">{}</time>')
        return form.format(when.isoformat(), said(when, self._zone, language))


def _span(length: Span, labels: Labels) -> str:
    unit = length.unit if length.amount > 1 else length.unit.removesuffix("s")
    return labels(f"span.{unit}", amount=length.amount)


def _other_link(request: Request, language: Language) -> str | None:
    """The same page in the other language; None for an answer to a form, which no link opens."""
    if request.method != "GET":
        return None
    query = dict(request.query_params) | {"lang": OTHER[language]}
    return f"{request.url.path}?{urlencode(query)}"
