"""Links that were made (并案记录), by the district's rule or by a person, and undoing one."""

from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BeforeValidator, Field

from console.adapters.asking import Refusal
from console.adapters.cases import Cases, part
from console.adapters.links import PAGE, Links
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.links import QUEUE, Linker
from console.api.staff.queue_page import ReportId, shown_anew
from console.house import house_of
from console.staff import Staff
from service_kit import clock

MADE = f"{QUEUE}/made"
EARLIEST, LATEST = date(2000, 1, 1), date(9998, 12, 31)
router = APIRouter(prefix=MADE, tags=["desk"])
Day = Annotated[
    Annotated[date, Field(ge=EARLIEST, le=LATEST)] | None,
    BeforeValidator(lambda said: said or None),  # a field of a form that was left empty
]
By = Literal["", "machine", "person"]
Skip = Annotated[int, Query(ge=0, le=1_000_000)]


@router.get("", response_class=Response)
async def made(
    request: Request, staff: Linker, day: Day = None, by: By = "", skip: Skip = 0, done: str = ""
) -> Response:
    """Those of a day in the district's zone, today's without it; the newest first."""
    return await _list(request, staff, day, by, skip, done=done)


@router.get("/{report}", response_class=Response)
async def one(request: Request, report: ReportId, staff: Linker) -> Response:
    """The report beside the case that it was linked to, and what undoing would do."""
    try:
        found = await Links(staff.peer("intake")).linked(report)
    except Refusal as refusal:
        return await _anew(request, staff, refusal)
    case = await part(Cases(staff.peer).case(found.case))
    given = {"linked": found, "case": case.found}
    return await staff.show(request, "staff/link_made.html", "desk", given)


@router.post("/{report}", response_class=Response)
async def undo(request: Request, report: ReportId, staff: Linker) -> Response:
    """It is about another problem after all. A link that is another one by now stands."""
    sent = (await forms.of_staff(request)).fields
    links = Links(staff.peer("intake"))
    try:
        if (await links.linked(report)).case != sent.get("case"):
            raise Refusal(409, "not_linked")
        own = await links.unlink(report)
    except Refusal as refusal:
        return await _anew(request, staff, refusal)
    done = "unlink" if own.case else "unlink_waits"
    return RedirectResponse(Reader.of(request).link(MADE, done=done), 303)


async def _anew(request: Request, staff: Staff, refusal: Refusal) -> Response:
    if refusal.code == "erased":
        refusal = Refusal(refusal.status, "report_erased")
    return await shown_anew(refusal, partial(_list, request, staff))


async def _list(
    request: Request, staff: Staff, day: date | None = None, by: By = "", skip: int = 0,
    done: str = "", failed: str = "", status: int = 200,
) -> Response:  # fmt: skip
    zone = ZoneInfo(house_of(request).settings.zone)
    today = clock.now().astimezone(zone).date()
    day = day or today
    start, end = (datetime.combine(each, time(), zone) for each in (day, day + timedelta(days=1)))
    found = await Links(staff.peer("intake")).made(start, end, by)
    given = {
        "made": found[skip : skip + PAGE], "day": day, "by": by, "done": done, "failed": failed,
        "before": day - timedelta(days=1) if day > EARLIEST else None,
        "after": day + timedelta(days=1) if day < today else None,
        "following": skip + PAGE if len(found) > skip + PAGE else None,
    }  # fmt: skip
    return await staff.show(request, "staff/links_made.html", "desk", given, status)
