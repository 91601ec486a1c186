"""One thing done to many cases: choose, say what, see what would happen to each, confirm."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.asking import Refusal
from console.adapters.desk import Desks
from console.api import forms
from console.api.staff.case_acts import values
from console.api.staff.desk import AtDesk
from console.domain.bulk_acts import ACTIONS, MOST, BulkAction, act_of, bulk_body
from console.domain.case_bodies import IN_PATH, Fields, Unsaid
from console.house import house_of
from console.staff import Staff
from console.views.desk_told import Bulk

router = APIRouter(prefix="/staff/desk/bulk", tags=["desk"])


@dataclass(frozen=True)
class Wanted:
    """Which cases, and what is done to them."""

    action: BulkAction
    cases: Sequence[str]
    sent: Fields
    key: str


@router.post("", response_class=Response)
async def bulk(request: Request, staff: AtDesk) -> Response:
    """Step by step: ``choose`` asks what else has to be said, ``try`` shows what would become of
    each, ``do`` does it."""
    wanted = await _wanted(request)
    step = (wanted.sent.get("step") or ["choose"])[0]
    if step == "choose" or not wanted.cases:
        return await _show(request, staff, wanted)
    zone = ZoneInfo(house_of(request).settings.zone)
    try:
        body = bulk_body(wanted.action, wanted.cases, wanted.sent, zone, dry_run=step != "do")
        key = wanted.key if step == "do" else str(uuid.uuid4())
        told = await Desks(staff.peer("dispatch")).bulk(body, key)
    except Unsaid as unsaid:
        return await _show(request, staff, wanted, wrong=unsaid.name, status=422)
    except Refusal as refusal:
        if refusal.status == 401:
            raise
        return await _show(request, staff, wanted, failed=refusal.code, status=refusal.status)
    return await _show(request, staff, wanted, told=told)


async def _wanted(request: Request) -> Wanted:
    sent = values((await forms.of_staff(request)).fields)
    action = (sent.get("action") or [""])[0]
    if action not in ACTIONS:
        raise Refusal(422, "invalid")
    said = [part for value in (*sent.get("case", ()), *sent.get("cases", ()))
            for part in value.split()]  # fmt: skip
    cases = [each for each in dict.fromkeys(said) if IN_PATH.match(each)]
    key = (sent.get("key") or [""])[0] or str(uuid.uuid4())
    return Wanted(action, cases[:MOST], sent, key)


async def _show(
    request: Request, staff: Staff, wanted: Wanted, *, told: Bulk | None = None, wrong: str = "",
    failed: str = "", status: int = 200,
) -> Response:  # fmt: skip
    given = {
        "wanted": wanted, "act": act_of(wanted.action), "told": told, "wrong": wrong,
        "failed": failed, "after": (), "posts": (),
    }  # fmt: skip
    return await staff.show(request, "staff/desk_bulk.html", "desk", given, status)
