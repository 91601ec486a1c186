"""Patrol reports: the page that works without a network, and what it sends when there is one."""

import asyncio
import uuid
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from console.adapters.asking import Refusal
from console.adapters.field import Field as Intake
from console.adapters.intake import File
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.field_shown import Worker, back, field_of, show
from console.domain.draft import Draft
from console.house import house_of, intake_for
from console.views.field_matters import groups, split
from service_kit import clock
from service_kit.language import Language

router = APIRouter(prefix="/staff/field", tags=["field"])
REPORT = "/staff/field/report"
MOST_ITEMS = 20
SOON = 2


class Kept(BaseModel):
    """What a browser kept while it was offline. ``person`` is who made it: nobody else sends it."""

    model_config = ConfigDict(extra="forbid")

    person: str
    sent_at: str
    items: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ITEMS)


@router.get("/report", response_class=Response)
async def report(request: Request, staff: Worker) -> Response:
    """A patrol report: what, where, a photo, perhaps words."""
    language = Reader.of(request).language
    services = await house_of(request).offer.services(intake_for(request), language)
    names = await staff.house.directory.names()
    given = {"groups": groups(services, names, language), "id": str(uuid.uuid4()), "part": "report"}
    return await show(request, staff, "staff/field_report.html", given)


@router.post("/report", response_class=Response)
async def send(request: Request, staff: Worker) -> Response:
    """The same as a plain form: where there is no script, or none may keep anything."""
    sent = await forms.of_staff(request)
    item = _item(sent.fields, Reader.of(request).language)
    field = field_of(staff)
    try:
        (fate,) = await field.batch(item["made_at"], [item])
        if fate.receipt and sent.photo:
            await field.attach_report(fate.receipt, sent.photo)
    except Refusal as refusal:
        return back(request, REPORT, failed=refusal.code)
    if fate.status == "invalid":
        return back(request, REPORT, failed=fate.code or "invalid")
    return back(request, REPORT, done=fate.status)


@router.get("/session", response_class=Response)
async def session(staff: Worker) -> Response:
    """Who is logged in, and the word that has to come with what is sent: a page that was kept for
    use without a network has an old one."""
    return JSONResponse({"person": staff.person.id, "csrf": staff.csrf})


@router.post("/batch", response_class=Response)
async def batch(request: Request, staff: Worker) -> Response:
    """What was kept, each item taken once by its id; one fate for each, in their order."""
    try:
        kept = Kept.model_validate_json(await request.body())
    except ValidationError:
        return JSONResponse({"code": "invalid"}, 422)
    if kept.person != staff.person.id:
        return JSONResponse({"code": "another_person"}, 409)
    try:
        fates = await field_of(staff).batch(kept.sent_at, kept.items)
    except Refusal as refusal:
        return _refused(refusal)
    return JSONResponse({"items": [each.model_dump() for each in fates]})


@router.post("/items/{item}/photo", response_class=Response)
async def photo(request: Request, item: uuid.UUID, staff: Worker) -> Response:
    """The photo of an item that was taken, which intake finds by the person's own id of it."""
    kind = request.headers.get("content-type", "")
    try:
        data = await _body(request)
        await _attach(field_of(staff), str(item), File(data, kind))
    except Refusal as refusal:
        return _refused(refusal)
    return Response(status_code=204)


async def _attach(field: Intake, item: str, file: File) -> None:
    """Raises Refusal; 503 where intake does not know of the item yet, which a phone sends first."""
    fate = await field.fate(item)
    if fate.receipt is None:
        raise Refusal(503, "not_yet", SOON)
    await field.attach_report(fate.receipt, file)


async def _body(request: Request) -> bytes:
    """Raises Refusal for what is too large or too slow."""
    settings = house_of(request).settings
    found = bytearray()
    try:
        async with asyncio.timeout(settings.upload_seconds):
            async for piece in request.stream():
                found += piece
                if len(found) > settings.photo_bytes:
                    raise Refusal(413, "too_large")
    except TimeoutError:
        raise Refusal(408, "too_slow") from None
    return bytes(found)


def _refused(refusal: Refusal) -> Response:
    """For a script; whoever is no longer logged in is told so by the status."""
    headers = {"Retry-After": str(refusal.after)} if refusal.after is not None else {}
    return Response(
        orjson.dumps({"code": refusal.code}), refusal.status, headers, "application/json"
    )


def _item(fields: Any, language: Language) -> dict[str, Any]:
    """One item of a batch, from the form."""
    draft = Draft.of(fields)
    said: dict[str, Any] = {**split(str(fields.get("what", ""))), "language": language}
    if draft.text:
        said["text"] = draft.text
    if draft.point:
        said["point"] = dict(zip(("lon", "lat"), draft.point, strict=True))
    made = clock.now().isoformat()
    return {"id": draft.key, "kind": "report", "made_at": made, "report": said}
