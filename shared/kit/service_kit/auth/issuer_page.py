"""The issuer's one page: who you want to be. Without scripts, in Chinese and English."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from service_kit.auth.issuer_people import Person
from service_kit.language import Language, chosen, preferred

FILES = Path(__file__).parent / "issuer_files"
CSS = (FILES / "issuer.css").read_text("utf-8")
_WORDS: dict[Language, dict[str, str]] = {
    "zh": {
        "title": "请选择登录身份",
        "warning_head": "仅供本机开发和演示",
        "warning": "这里没有密码，任何人都可以选择任何身份。"
        "正式使用时请接入本区自己的统一身份认证。",
        "people": "样例人员",
        "nobody": "还没有载入网格数据，因此没有样例人员。请先载入一个区，然后刷新本页：",
        "refused": "无法登录",
        "client": "请求登录的应用没有在这里登记。",
        "redirect": "登录后要返回的地址没有登记，因此不会转到那里。",
        "request": "登录请求不完整或不正确：",
        "person": "没有这个样例人员，名单可能刚刚更新。请返回重新选择。",
        "other": "English",
    },
    "en": {
        "title": "Choose who to be",
        "warning_head": "For development and demonstration on this machine only",
        "warning": "There are no passwords here: anybody can be anybody. In real use people log in"
        " at the district's own identity provider.",
        "people": "Sample people",
        "nobody": "No district is loaded yet, so there are no sample people. Load one, then open"
        " this page again:",
        "refused": "Nobody can log in like this",
        "client": "The application that asks is not registered here.",
        "redirect": "The address to go back to is not registered, so nobody is sent there.",
        "request": "The request to log in is incomplete or wrong:",
        "person": "There is no such sample person; the list may have changed. Go back and choose"
        " again.",
        "other": "中文",
    },
}
TAGS: dict[Language, str] = {"zh": "zh-CN", "en": "en"}
OTHER: dict[Language, Language] = {"zh": "en", "en": "zh"}
_PAGES = Environment(
    loader=PackageLoader("service_kit.auth", "issuer_files"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def language_of(ui_locales: str, accept_language: str) -> Language:
    """What the client asked for (``ui_locales``), else the browser; Chinese where neither says."""
    asked = (chosen(wish.partition("-")[0].lower()) for wish in ui_locales.split())
    return next((each for each in asked if each), None) or preferred(accept_language)


def choose(people: Sequence[Person], asked: Mapping[str, str], language: Language) -> HTMLResponse:
    """``asked`` is the checked request, carried through the form."""
    other = urlencode(dict(asked) | {"ui_locales": TAGS[OTHER[language]]})
    return _page(
        "choose.html",
        language,
        200,
        back=asked["redirect_uri"],
        people=people,
        asked=asked,
        other=f"/authorize?{other}",
    )


def refuse(why: str, language: Language, details: Sequence[str] = ()) -> HTMLResponse:
    """``why``: client, redirect, request or person."""
    return _page("refused.html", language, 400, why=why, details=details)


def _page(
    name: str, language: Language, status: int, back: str | None = None, **given: object
) -> HTMLResponse:
    """``back``: where an answer to the form may lead, besides here."""
    html = _PAGES.get_template(name).render(
        t=_WORDS[language],
        lang=language,
        tag=TAGS[language],
        other_tag=TAGS[OTHER[language]],
        **given,
    )
    return HTMLResponse(html, status, _headers(language, back))


def _headers(language: Language, back: str | None) -> dict[str, str]:
    parts = urlsplit(back) if back else None
    forms = f" {parts.scheme}://{parts.netloc}" if parts else ""
    return {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:;"
        f" form-action 'self'{forms}; base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Content-Language": language,
    }
