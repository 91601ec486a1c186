"""What a department's people say to a task, an operation or a slip; each leads back to its page."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.gateway import Gateway
from console.adapters.intake import File
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.department import Member, gateway_of, ledger_of, operation_in, task_in
from console.domain import departmental
from console.house import house_of

router = APIRouter(prefix="/staff/department", tags=["department"])
ANSWER_SECONDS = 4.0
KEY = re.compile(r"^[0-9a-f]{12}$")


@router.post("/tasks/{taskid}/{act}", response_class=Response)
async def say(request: Request, staff: Member, taskid: str, act: str) -> Response:
    """Accept, still at it, done with photos, give back, ask for help or for more time."""
    back = f"/staff/department/tasks/{taskid}"
    if act not in departmental.TASK_ACTS:
        raise Refusal(404, "not_found")
    held = task_in(await ledger_of(request, staff), taskid)
    sent = await forms.of_staff(request)
    fields, key = _fields(request, sent.fields), _key(sent.fields)
    command = departmental.task_command(held, act, key, fields)
    if command is None:
        return _back(request, back, failed="unsaid")
    gateway = gateway_of(staff)
    try:
        if act == "complete":
            command["evidence"] = await _attached(gateway, taskid, sent.photos, key)
        return await _said(request, gateway, command, act, back)
    except Refusal as refusal:
        return _back(request, back, failed=refusal.code)


@router.post("/operations/{operation}/{act}", response_class=Response)
async def take_part(request: Request, staff: Member, operation: str, act: str) -> Response:
    """Join, decline, arrive, sign off."""
    back = f"/staff/department/operations/{operation}"
    if act not in departmental.OPERATION_ACTS:
        raise Refusal(404, "not_found")
    called = operation_in(await ledger_of(request, staff), operation)
    fields = (await forms.of_staff(request)).fields
    command = departmental.operation_command(called, act, _key(fields), fields)
    if command is None:
        return _back(request, back, failed="unsaid")
    return await _said(request, gateway_of(staff), command, act, back)


@router.post("/slips/{taskid}/{slip}", response_class=Response)
async def answer_slip(request: Request, staff: Member, taskid: str, slip: str) -> Response:
    """Answer a supervision slip (督办单)."""
    back = f"/staff/department/tasks/{taskid}"
    ledger = await ledger_of(request, staff)
    held = task_in(ledger, taskid)
    if slip not in {each.slip for each in held.notices}:
        raise Refusal(404, "not_found")
    fields = (await forms.of_staff(request)).fields
    words = str(fields.get("words", "")).strip()
    if not words:
        return _back(request, back, failed="unsaid")
    path = f"/cases/{held.item.case}/slips/{slip}/answer"
    headers = {"Idempotency-Key": f"{slip}:{_key(fields)}"}
    try:
        await staff.peer("dispatch").ask("POST", path, json={"words": words}, headers=headers)
    except Refusal as refusal:
        return _back(request, back, failed=refusal.code)
    ledger.answered_slips.add(slip)
    return _back(request, back, done="slip")


async def _attached(gateway: Gateway, taskid: str, photos: tuple[File, ...], key: str) -> list[str]:
    """The photos' ids; sent again they are the same."""
    return [
        await gateway.attach(taskid, photo, f"{key}:{number}")
        for number, photo in enumerate(photos)
    ]


async def _said(
    request: Request, gateway: Gateway, command: dict[str, Any], act: str, back: str
) -> Response:
    """Say it, and lead back with what became of it; or that the answer is still to come."""
    await gateway.say(command)
    answer = await house_of(request).ledgers.answer(gateway, command["id"], ANSWER_SECONDS)
    if answer is None:
        return _back(request, back, done="sent")
    if answer.accepted:
        return _back(request, back, done=act)
    return _back(request, back, failed=answer.code or "other")


def _fields(request: Request, sent: Mapping[str, Any]) -> dict[str, Any]:
    """With all chosen units, and the end of a pause as a moment of the district's zone."""
    found = dict(sent)
    several = getattr(sent, "getlist", None)
    found["units"] = several("units") if several else []
    try:
        there = datetime.fromisoformat(str(sent.get("until", "")))
        zone = ZoneInfo(house_of(request).settings.zone)
        found["until"] = there.replace(tzinfo=zone) if there.tzinfo is None else there
    except ValueError:
        found["until"] = None
    return found


def _key(fields: Mapping[str, Any]) -> str:
    """Made with the form; raises Refusal for one that we did not make."""
    key = str(fields.get("key", ""))
    if not KEY.match(key):
        raise Refusal(422, "invalid")
    return key


def _back(request: Request, path: str, *, done: str = "", failed: str = "") -> Response:
    return RedirectResponse(Reader.of(request).link(path, done=done, failed=failed), 303)
