"""Ruling who is responsible: what speaks for whom, side by side, and the arbiter's word."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.cases import Cases, part
from console.adapters.ground import Ground
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.case_acts import values
from console.api.staff.case_given import CaseId, Reading, area_of
from console.domain.case_bodies import Fields, Unsaid
from console.domain.outline import outlined
from console.domain.ruling_body import REASONS, ruling_of
from console.house import house_of
from console.staff import Staff
from console.views.ruling_told import Boundary, Outline

router = APIRouter(prefix="/staff/cases/{case}/ruling", tags=["case"])


@router.get("", response_class=Response)
async def evidence(request: Request, case: CaseId, staff: Reading) -> Response:
    """The boundary evidence, and the form for whoever is to rule."""
    return await _page(request, staff, case)


@router.get("/map.geojson", response_class=Response)
async def outlines(case: CaseId, staff: Reading) -> Response:
    """The grid with those beside it, as they were when the case was reported; its own last."""
    ground = (await Cases(staff.peer).boundary(case)).ground
    every = [*ground.neighbours, *([ground.case] if ground.case else [])]
    return JSONResponse({"type": "FeatureCollection", "features": [_feature(e) for e in every]})


@router.post("", response_class=Response)
async def rule(request: Request, case: CaseId, staff: Reading) -> Response:
    """The ruling; where it is refused, the page says why, with what was written kept."""
    sent = values((await forms.of_staff(request)).fields)
    key = (sent.get("key") or [""])[0]
    try:
        await Cases(staff.peer).send(f"/cases/{case}/ruling", ruling_of(sent), key)
    except Unsaid:
        return await _page(request, staff, case, "unsaid", sent, 422)
    except Refusal as refusal:
        if refusal.status in (401, 404):
            raise
        return await _page(request, staff, case, refusal.code, sent, refusal.status)
    return RedirectResponse(Reader.of(request).link(f"/staff/cases/{case}", done="rule"), 303)


async def _page(
    request: Request, staff: Staff, case: str, failed: str = "", sent: Fields | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    cases = Cases(staff.peer)
    found = await cases.boundary(case)
    actions = await part(cases.actions(case))
    may = any(each.step == "rule" and each.possible for each in actions.found or ())
    given: dict[str, Any] = {
        "boundary": found, "failed": failed, "sent": sent or {}, "reasons": REASONS,
        "may_rule": may, "key": str(uuid.uuid4()),
        "posts": await _posts(request, staff, found) if may else [],
    }  # fmt: skip
    return await staff.show(request, "staff/case_ruling.html", area_of(staff.person), given, status)


async def _posts(request: Request, staff: Staff, found: Boundary) -> list[Any]:
    if found.ground.case is None:
        return []
    names = await house_of(request).directory.names()
    grids = list(reversed(names.within(found.ground.case.grid)))
    return (await part(Ground(staff.peer("registry")).posts(grids))).found or []


def _feature(outline: Outline) -> dict[str, Any]:
    known = {"grid": outline.grid, "level": outline.level, "name_zh": outline.name.zh,
             "name_en": outline.name.en}  # fmt: skip
    return outlined({"properties": known, "geometry": outline.geometry})
