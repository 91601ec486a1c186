"""Reporting in three steps: what, where, and what else to say. Each is a form that needs no script.

What was said so far is in the form itself; only the last step sends anything to intake.
"""

import time
import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.intake import File, Intake
from console.adapters.pages import Reader
from console.api import forms
from console.domain.draft import OTHER, Draft
from console.domain.services import Definition, Service, grouped
from console.house import House, house_of, intake_for

router = APIRouter(prefix="/report", tags=["report"])
SEND = "/report/send"


@router.get("", response_class=Response)
async def what(request: Request, q: str = "", service: str = "") -> Response:
    """Step 1: the matters to choose from, or the conditions of the one that was chosen."""
    house, reader = house_of(request), Reader.of(request)
    intake = intake_for(request)
    services = await house.offer.services(intake, reader.language)
    chosen = _named(services, service)
    if chosen is None or not chosen.asks:
        found = {"groups": grouped(services, q), "q": q, "other": OTHER}
        return house.pages.show(request, "report_what.html", found)
    asked = await house.offer.definition(intake, chosen.code, reader.language)
    given = {"service": chosen, "asked": asked}
    return house.pages.show(request, "report_condition.html", given)


@router.get("/where", response_class=Response)
async def where(request: Request, service: str, condition: str = "") -> Response:
    """Step 2: position, map or words."""
    return await _where(request, Draft(service=service, condition=condition))


@router.post("/where", response_class=Response)
async def where_again(request: Request) -> Response:
    """Back from step 3 to step 2, with everything that was said."""
    return await _where(request, Draft.of(await forms.fields(request)))


@router.post("/more", response_class=Response)
async def more(request: Request) -> Response:
    """Step 3: words, a photo, how to be reached."""
    return await _more(request, Draft.of(await forms.fields(request)), {})


@router.post("/send", response_class=Response)
async def send(request: Request) -> Response:
    """Send it, and go on to the receipt; what is wrong is said at its field."""
    house = house_of(request)
    sent = await forms.with_photo(request)
    draft = Draft.of(sent.fields)
    wrong = draft.wrong()
    if wrong:
        return await _more(request, draft, wrong, 422)
    return await _sent(request, house, draft, sent.photo)


async def _sent(request: Request, house: House, draft: Draft, photo: File | None) -> Response:
    reader, intake = Reader.of(request), intake_for(request)
    label = house.pages.labels(reader.language)("where.address_line")
    body = draft.body(reader.language, label)
    try:
        accepted = await intake.report(body, draft.key or uuid.uuid4().hex)
    except Refusal as refusal:
        return await _more(request, draft, {"form": f"problem.{refusal.code}"}, refusal.status)
    trouble = await attached(intake, accepted.receipt, photo)
    opens = house.passes.issue(accepted.receipt, time.time())
    return RedirectResponse(reader.link(f"/receipt/{opens}", photo=trouble), 303)


async def attached(intake: Intake, receipt: str, photo: File | None) -> str:
    """The code of what is wrong with the photo, empty where it was taken: the report stands all
    the same, and a photo can be sent later."""
    if photo is None:
        return ""
    try:
        await intake.attach(receipt, photo)
    except Refusal as refusal:
        return refusal.code
    return ""


async def _where(request: Request, draft: Draft) -> Response:
    return house_of(request).pages.show(request, "report_where.html", await _about(request, draft))


async def _more(
    request: Request, draft: Draft, wrong: dict[str, str], status: int = 200
) -> Response:
    given = await _about(request, draft)
    key = draft.key or uuid.uuid4().hex
    return house_of(request).pages.show(
        request, "report_more.html", given | {"wrong": wrong, "key": key}, status
    )


async def _about(request: Request, draft: Draft) -> dict[str, Any]:
    """What was chosen, by name; raises Refusal for a matter that there is none of."""
    intake, language = intake_for(request), Reader.of(request).language
    offer = house_of(request).offer
    chosen = _named(await offer.services(intake, language), draft.service)
    if chosen is None:
        raise Refusal(404, "no_such_matter")
    asked = await offer.definition(intake, chosen.code, language) if chosen.asks else Definition()
    names = {each.code: each.name for each in asked.conditions}
    return {"draft": draft, "service": chosen, "condition": names.get(draft.condition)}


def _named(services: list[Service], code: str) -> Service | None:
    return next((each for each in services if each.code == code), None)
