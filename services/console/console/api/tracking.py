"""Following one's report. A receipt is only ever sent in a form; addresses hold a pass for it."""

import time
import uuid
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.pages import Reader
from console.api import forms
from console.api.receipts import receipt_of
from console.domain.receipts import plain
from console.house import dispatch_for, house_of, intake_for
from console.views.followed import followed
from console.views.told import Tracked
from service_kit import clock
from service_kit.ids import receipt_is_valid

router = APIRouter(prefix="/track", tags=["track"])
Evidence = Annotated[str, Path(pattern=r"^evidence:[0-9a-f-]{36}$")]
PICTURES = ("image/jpeg", "image/png", "image/webp")


@router.get("", response_class=Response)
async def enter(request: Request, over: str = "") -> Response:
    """Where to type the receipt code; ``over`` says that the time of a pass was."""
    given = {"typed": "", "wrong": "", "over": over}
    return house_of(request).pages.show(request, "track_enter.html", given)


@router.post("", response_class=Response)
async def follow(request: Request) -> Response:
    """From the code to the page of its report."""
    house = house_of(request)
    typed = str((await forms.fields(request)).get("receipt", ""))
    code = plain(typed)
    wrong = "" if receipt_is_valid(code) else "wrong.receipt"
    try:
        if not wrong:
            await intake_for(request).tracked(code)
    except Refusal as refusal:
        if refusal.status != 404:
            raise
        wrong = "wrong.no_report"
    if wrong:
        given = {"typed": typed[:40], "wrong": wrong, "over": ""}
        return house.pages.show(request, "track_enter.html", given, 404)
    opens = house.passes.issue(code, time.time())
    return RedirectResponse(Reader.of(request).link(f"/track/{opens}"), 303)


@router.get("/{opens}", response_class=Response)
async def track(request: Request, opens: str, done: str = "", failed: str = "") -> Response:
    """The seven steps, the limit, the answer, photos, and what may be done now."""
    house, code = house_of(request), receipt_of(request, opens)
    intake = intake_for(request)
    told = await intake.tracked(code)
    shown = followed(told, await intake.evidence(code), clock.now())
    given = {
        "opens": opens, "code": code, "shown": shown, "told": told, "done": done,
        "failed": failed, "answer": await _answer(request, told), "key": uuid.uuid4().hex,
    }  # fmt: skip
    return house.pages.show(request, "track.html", given)


@router.get("/{opens}/photos/{evidence}", response_class=Response)
async def photo(request: Request, opens: str, evidence: Evidence) -> Response:
    """A photo that the receipt may open, in its public copy."""
    found = await intake_for(request).photo(receipt_of(request, opens), evidence)
    if found.kind not in PICTURES:
        raise Refusal(404, "not_found")
    return Response(found.data, 200, {"Cache-Control": "no-store"}, found.kind)


async def _answer(request: Request, told: Tracked) -> str | None:
    """Its words; None where there is no answer, it was erased, or dispatch does not say."""
    if told.answer is None:
        return None
    try:
        return await dispatch_for(request).answer(told.answer.statement)
    except Refusal:
        return None
