"""Doing something with a case: each form of its page is sent here, and leads back to the page."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from console.adapters.asking import Refusal
from console.adapters.cases import Cases
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.case_given import Answered, CaseId, Reading, case_page
from console.domain.case_acts import BY_STEP, Act
from console.domain.case_bodies import Fields, Unsaid, body_of, path_of
from console.house import house_of
from console.staff import Staff
from console.views.case_told import Case

router = APIRouter(prefix="/staff/cases/{case}/acts", tags=["case"])


@router.post("/{step}", response_class=Response)
async def act(request: Request, case: CaseId, step: str, staff: Reading) -> Response:
    """Take the step. Where it is refused, the page says why, with what was written kept."""
    found = BY_STEP.get(step)
    if found is None:
        raise HTTPException(404)
    sent = values((await forms.of_staff(request)).fields)
    key = (sent.get("key") or [""])[0]
    try:
        await _do(request, staff, case, found, sent, key)
    except Unsaid as unsaid:
        answered = Answered(failed="unsaid", step=step, wrong=unsaid.name, kept=sent, key=key)
        return await case_page(request, staff, case, answered, status=422)
    except Refusal as refusal:
        if refusal.status in (401, 404):
            raise
        again = key if refusal.status >= 500 else ""
        answered = Answered(failed=refusal.code, step=step, kept=sent, key=again)
        return await case_page(request, staff, case, answered, status=refusal.status)
    return RedirectResponse(Reader.of(request).link(f"/staff/cases/{case}", done=step), 303)


async def _do(request: Request, staff: Staff, case: str, act: Act, sent: Fields, key: str) -> None:
    """Raises Unsaid and Refusal."""
    cases, zone = Cases(staff.peer), ZoneInfo(house_of(request).settings.zone)
    known = _known(await cases.case(case))
    body = body_of(act, sent, zone, known)
    answer = await cases.send(path_of(act, sent, known), body, key)
    if act.bulk:
        _check(orjson.loads(answer))


def _known(case: Case) -> dict[str, str]:
    return {
        "case": case.case,
        "taskid": case.task.id if case.task else "",
        "asked": case.request.id if case.request else "",
    }


def _check(told: Mapping[str, Any]) -> None:
    """What is done to many is answered with 200 though this one was refused."""
    item = told["items"][0]
    if item["outcome"] == "refused":
        raise Refusal(409, item["code"])
    if item["outcome"] == "failed":
        raise Refusal(503, item["code"])


def values(form: Mapping[str, Any]) -> Fields:
    """Each field with all its values, without files."""
    multi = form.multi_items() if isinstance(form, FormData) else form.items()
    found: dict[str, list[str]] = {}
    for name, value in multi:
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found
