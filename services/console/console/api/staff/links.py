"""Links to decide (疑似重复): whether a report is about the problem of an older case."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.cases import Cases, part
from console.adapters.headers import NO_COPY
from console.adapters.links import Links
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.queue_page import ReportId, shown_anew
from console.api.tracking import PICTURES, Evidence
from console.staff import Staff, of_queue

QUEUE, PURPOSE = "/staff/desk/links", "triage"
router = APIRouter(prefix=QUEUE, tags=["desk"])
Linker = Annotated[Staff, Depends(of_queue("links"))]


@router.get("", response_class=Response)
async def queue(request: Request, staff: Linker, done: str = "", after: str = "") -> Response:
    """What waits to be decided, the oldest proposal first."""
    return await _queue(request, staff, done=done, after=after)


@router.get("/{report}", response_class=Response)
async def one(request: Request, report: ReportId, staff: Linker, photos: bool = False) -> Response:
    """The report beside the older case, what the rule made of it, and what linking would do; with
    ``photos`` those of both, each look at which intake writes down."""
    try:
        return await _page(request, staff, report, photos)
    except Refusal as refusal:
        return await shown_anew(refusal, partial(_queue, request, staff))


@router.post("/{report}", response_class=Response)
async def decide(request: Request, report: ReportId, staff: Linker) -> Response:
    """The same problem, or another one. What somebody else has decided meanwhile stands."""
    sent = (await forms.of_staff(request)).fields
    word, case = sent.get("word"), sent.get("case")
    links = Links(staff.peer("intake"))
    if word not in ("link", "decline"):
        raise HTTPException(422)
    try:
        proposed = await links.one(report)
        if proposed.to_case != case:
            raise Refusal(409, "not_proposed")
        await (links.link if word == "link" else links.decline)(report, proposed.to_case)
    except Refusal as refusal:
        return await shown_anew(refusal, partial(_queue, request, staff))
    return RedirectResponse(Reader.of(request).link(QUEUE, done=str(word)), 303)


@router.get("/{report}/photos/{evidence}", response_class=Response)
async def photo(
    report: ReportId, evidence: Evidence, staff: Linker, of: str = "report"
) -> Response:
    """A photo of the report's own case, or (``of=case``) of the older one; intake writes it down
    with its purpose."""
    proposed = await Links(staff.peer("intake")).one(report)
    case = proposed.to_case if of == "case" else proposed.case
    found = await Cases(staff.peer).photo(case, evidence, PURPOSE)
    kind = found.kind if found.kind in PICTURES else "application/octet-stream"
    return Response(found.data, 200, NO_COPY, kind)


async def _page(request: Request, staff: Staff, report: str, photos: bool) -> Response:
    links, cases = Links(staff.peer("intake")), Cases(staff.peer)
    found = await links.one(report)
    told, own, older, seen, seen_there, outlook = await asyncio.gather(
        part(links.report(report)),
        part(cases.case(found.case)), part(cases.case(found.to_case)),
        part(cases.evidence(found.case)), part(cases.evidence(found.to_case)),
        part(links.outlook(report, found.to_case)),
    )  # fmt: skip
    given = {
        "proposed": found, "report": told.found, "own": own.found, "older": older.found,
        "seen": seen, "seen_there": seen_there, "outlook": outlook, "photos": photos,
    }  # fmt: skip
    return await staff.show(request, "staff/link.html", "desk", given)


async def _queue(
    request: Request, staff: Staff, done: str = "", failed: str = "", after: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    proposed, following = await Links(staff.peer("intake")).queue(after)
    given = {"proposed": proposed, "following": following, "done": done, "failed": failed}
    return await staff.show(request, "staff/links.html", "desk", given, status)
