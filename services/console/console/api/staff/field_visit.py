"""Visits (走访) with what came of them, and check-ins (签到)."""

import asyncio
import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from console.adapters.asking import Refusal
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.field_shown import Worker, back, field_of, show
from console.domain.centre import centre
from console.domain.draft import Draft
from console.house import house_of, intake_for
from console.views.field_told import VisitTaken
from console.views.field_visits import checked_in, grid_of, targets, visited
from service_kit import clock

router = APIRouter(prefix="/staff/field", tags=["field"])
VISIT = "/staff/field/visit"


@router.get("/visit", response_class=Response)
async def visit(request: Request, staff: Worker, target: str = "") -> Response:
    """The form of a visit, and that of a check-in."""
    return await _form(request, staff, target, None)


@router.post("/visit", response_class=Response)
async def log(request: Request, staff: Worker) -> Response:
    """Log it; the receipts of what was opened on somebody's behalf are shown once, to hand over."""
    sent = await forms.of_staff(request)
    chosen = sent.fields.getlist("topics") if isinstance(sent.fields, FormData) else []
    topics = [each for each in chosen if isinstance(each, str)]
    draft = Draft.of(sent.fields)
    form, field, language = _plain(sent.fields), field_of(staff), Reader.of(request).language
    try:
        at = draft.point or centre(await field.outline(grid_of(form)))
        body = visited(form, topics, draft, language, at)
        taken = await field.visit({**body, "visited_at": clock.now().isoformat()})
    except Refusal as refusal:
        return back(request, VISIT, failed=refusal.code)
    if not taken.services:
        return back(request, VISIT, done="visit")
    return await _form(request, staff, "", taken)


@router.post("/checkin", response_class=Response)
async def check_in(request: Request, staff: Worker) -> Response:
    """Say where one is, on shift."""
    draft = Draft.of((await forms.of_staff(request)).fields)
    if draft.point is None:
        return back(request, VISIT, failed="no_position")
    try:
        inside = await field_of(staff).check_in(checked_in(draft, clock.now()))
    except Refusal as refusal:
        return back(request, VISIT, failed=refusal.code)
    return back(request, VISIT, done="inside" if inside else "outside")


async def _form(request: Request, staff: Worker, target: str, taken: VisitTaken | None) -> Response:
    field, language = field_of(staff), Reader.of(request).language
    services, rounds, posts, codes = await asyncio.gather(
        house_of(request).offer.services(intake_for(request), language),
        field.rounds(), field.posts(staff.person.id), field.codes(),
    )  # fmt: skip
    given = {
        "targets": targets(rounds, posts), "codes": codes, "chosen": target, "taken": taken,
        "services": [each for each in services if each.code.startswith("service_")],
        "id": str(uuid.uuid4()), "part": "visit",
    }  # fmt: skip
    return await show(request, staff, "staff/field_visit.html", given)


def _plain(fields: Mapping[str, Any]) -> dict[str, str]:
    return {name: said for name, said in fields.items() if isinstance(said, str)}
