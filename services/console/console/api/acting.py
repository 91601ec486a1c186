"""What the holder of a receipt may do: add, take back, rate, ask for the case to be opened again.

Each is a form on the track page and leads back to it.
"""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.pages import Reader
from console.api import forms
from console.api.receipts import receipt_of
from console.api.reporting import attached
from console.domain.draft import EMAIL, MOST_LETTERS, PHONE
from console.house import intake_for

router = APIRouter(prefix="/track/{opens}", tags=["track"])
SCORES = tuple("12345")


@router.post("/rating", response_class=Response)
async def rate(request: Request, opens: str) -> Response:
    """Vote on this closing."""
    fields = await forms.fields(request)
    score = str(fields.get("score", ""))
    if fields.get("solved") not in ("yes", "no") or score not in SCORES:
        return _back(request, opens, failed="rating_unsaid")
    body = {"solved": fields["solved"] == "yes", "score": int(score)}
    return await _do(request, opens, "rating", body, "rated")


@router.post("/withdrawal", response_class=Response)
async def withdraw(request: Request, opens: str) -> Response:
    """Take the report back."""
    fields = await forms.fields(request)
    body = {"reason": str(fields.get("reason", ""))}
    return await _do(request, opens, "withdrawal", body, "withdrawn")


@router.post("/reopening", response_class=Response)
async def reopen(request: Request, opens: str) -> Response:
    """Ask for the case to be opened again."""
    fields = await forms.fields(request)
    body = {"reason": str(fields.get("reason", ""))}
    return await _do(request, opens, "reopening", body, "reopening")


@router.post("/additions", response_class=Response)
async def add(request: Request, opens: str) -> Response:
    """Add words, a photo, or a way to be reached."""
    sent = await forms.with_photo(request)
    said = {name: str(sent.fields.get(name, "")).strip() for name in ("text", "email", "phone")}
    body = _addition(said)
    failed = _wrong(said) or ("" if body or sent.photo else "addition_empty")
    if failed:
        return _back(request, opens, failed=failed)
    intake, receipt = intake_for(request), receipt_of(request, opens)
    try:
        if body:
            await intake.do(receipt, "additions", body, str(sent.fields.get("key") or "") or None)
    except Refusal as refusal:
        return _back(request, opens, failed=refusal.code)
    trouble = await attached(intake, receipt, sent.photo)
    return _back(request, opens, failed=trouble, done="" if trouble else "added")


def _addition(said: dict[str, str]) -> dict[str, Any]:
    contact = {way: said[way] for way in ("email", "phone") if said[way]}
    return {**({"text": said["text"]} if said["text"] else {}),
            **({"contact": contact} if contact else {})}  # fmt: skip


def _wrong(said: dict[str, str]) -> str:
    """The code of what is wrong with an addition; empty where nothing is."""
    if len(said["text"]) > MOST_LETTERS:
        return "text_long"
    if said["email"] and not EMAIL.match(said["email"]):
        return "email"
    return "phone" if said["phone"] and not PHONE.match(said["phone"]) else ""


async def _do(
    request: Request, opens: str, right: str, body: dict[str, Any], done: str
) -> Response:
    """Use the right; a refusal is said on the track page, above what is still possible."""
    try:
        await intake_for(request).do(receipt_of(request, opens), right, body)
    except Refusal as refusal:
        return _back(request, opens, failed=refusal.code)
    return _back(request, opens, done=done)


def _back(request: Request, opens: str, *, done: str = "", failed: str = "") -> Response:
    link = Reader.of(request).link(f"/track/{opens}", done=done, failed=failed)
    return RedirectResponse(link, 303)
