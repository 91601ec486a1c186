"""What was said on a case: by the reporter, and by those who worked on it. Each look is for a
purpose, and is written down by the service that keeps the words."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.cases import Cases, part
from console.adapters.headers import NO_COPY
from console.api import forms
from console.api.staff.case_given import CaseId, Reading, area_of
from console.staff import Staff

router = APIRouter(prefix="/staff/cases/{case}/words", tags=["case"])


@router.get("", response_class=Response)
async def ask(request: Request, case: CaseId, staff: Reading) -> Response:
    """For what purpose; whoever may read neither is told so."""
    return await _page(request, staff, case, {})


@router.post("", response_class=Response)
async def read(request: Request, case: CaseId, staff: Reading) -> Response:
    """The words, never kept by a browser."""
    fields = (await forms.of_staff(request)).fields
    cases, purpose = Cases(staff.peer), str(fields.get("purpose", ""))
    if fields.get("whose") == "reporter":
        return await _page(request, staff, case, {"words": await cases.words(case, purpose)})
    return await _page(request, staff, case, {"stated": await cases.stated(case, purpose)})


async def _page(request: Request, staff: Staff, case: str, shown: dict[str, Any]) -> Response:
    cases = Cases(staff.peer)
    found, reporter, own = await asyncio.gather(
        cases.case(case),
        part(cases.purposes("intake", "/vault/purposes")),
        part(cases.purposes("dispatch", "/statements/purposes")),
    )
    purposes = {"reporter": reporter.found or [], "staff": own.found or []}
    given = {"case": found, "purposes": purposes, "words": None, "stated": None, **shown}
    page = await staff.show(request, "staff/case_words.html", area_of(staff.person), given)
    page.headers.update(NO_COPY)
    return page
