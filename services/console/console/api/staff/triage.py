"""Reports that no rule can file (立案审核): what they are, or why they open no case."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.headers import NO_COPY
from console.adapters.pages import Reader
from console.adapters.triage import Triage
from console.api import forms
from console.api.staff.case_acts import values
from console.api.staff.queue_page import ReportId
from console.domain.case_bodies import Fields, Unsaid
from console.domain.triage_body import REJECTIONS, judgement_of
from console.house import house_of
from console.staff import Staff, of_queue

router = APIRouter(prefix="/staff/desk/triage", tags=["desk"])
Reviewer = Annotated[Staff, Depends(of_queue("triage"))]


def _triage(staff: Staff) -> Triage:
    return Triage(staff.peer("intake"))


@router.get("", response_class=Response)
async def queue(request: Request, staff: Reviewer, done: str = "") -> Response:
    """What waits, the oldest first."""
    given = {"queue": await _triage(staff).queue(), "done": done}
    return await staff.show(request, "staff/triage.html", "desk", given)


@router.get("/{report}", response_class=Response)
async def one(request: Request, report: ReportId, staff: Reviewer) -> Response:
    """A report with its words, which intake writes down as looked at, and the form to judge it."""
    return await _page(request, staff, report)


@router.post("/{report}", response_class=Response)
async def judge(request: Request, report: ReportId, staff: Reviewer) -> Response:
    """File it or reject it; where that is refused, the page says why."""
    sent = values((await forms.of_staff(request)).fields)
    key = (sent.get("key") or [""])[0]
    try:
        await _triage(staff).judge(report, judgement_of(sent), key)
    except Unsaid as unsaid:
        return await _page(request, staff, report, "unsaid", unsaid.name, sent, 422)
    except Refusal as refusal:
        if refusal.status != 422:
            raise
        return await _page(request, staff, report, refusal.code, "", sent, 422)
    return RedirectResponse(Reader.of(request).link("/staff/desk/triage", done="judged"), 303)


async def _page(
    request: Request, staff: Staff, report: str, failed: str = "", wrong: str = "",
    sent: Fields | None = None, status: int = 200,
) -> Response:  # fmt: skip
    found = await _triage(staff).one(report)
    names = await house_of(request).directory.names()
    conditions = sorted(names.conditions, key=lambda each: (each[0] != found.matter, each))
    given = {
        "report": found, "conditions": conditions, "rejections": REJECTIONS, "failed": failed,
        "wrong": wrong, "sent": sent or {}, "key": str(uuid.uuid4()),
    }  # fmt: skip
    page = await staff.show(request, "staff/triage_one.html", "desk", given, status)
    page.headers.update(NO_COPY)
    return page
