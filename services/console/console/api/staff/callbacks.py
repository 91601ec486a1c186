"""Call-backs (回访): who left only a telephone number is called, and what they answer is kept."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.callbacks import Callbacks
from console.adapters.cases import Cases, part
from console.adapters.headers import NO_COPY
from console.adapters.pages import Reader
from console.api import forms
from console.api.staff.case_acts import values
from console.api.staff.queue_page import shown_anew
from console.domain.call_body import OUTCOMES, call_of
from console.domain.case_bodies import Fields, Unsaid
from console.staff import Staff, of_queue

QUEUE = "/staff/desk/callbacks"
router = APIRouter(prefix=QUEUE, tags=["desk"])
Operator = Annotated[Staff, Depends(of_queue("callbacks"))]
CallbackId = Annotated[str, Path(pattern=r"^callback:case:[0-9a-f-]{36}:[0-9]{1,6}$")]


@router.get("", response_class=Response)
async def queue(request: Request, staff: Operator, done: str = "", cursor: str = "") -> Response:
    """Who is to be called, those of the case that has waited longest first; never a number."""
    return await _queue(request, staff, done=done, cursor=cursor)


@router.get("/{callback}", response_class=Response)
async def to_queue(request: Request, callback: CallbackId, staff: Operator) -> Response:
    """A call has no address of its own: one takes it from the list."""
    return RedirectResponse(Reader.of(request).link(QUEUE), 303)


@router.post("/{callback}", response_class=Response)
async def take(request: Request, callback: CallbackId, staff: Operator) -> Response:
    """The call in hand with its number, in answer to a form: intake writes down who was shown it,
    and no browser keeps it."""
    await forms.of_staff(request)
    try:
        return await _call(request, staff, callback)
    except Refusal as refusal:
        return await shown_anew(refusal, partial(_queue, request, staff))


@router.post("/{callback}/result", response_class=Response)
async def result(request: Request, callback: CallbackId, staff: Operator) -> Response:
    """How it went. Where that is not taken, the call is shown again, and written down again."""
    sent = values((await forms.of_staff(request)).fields)
    try:
        made = await Callbacks(staff.peer("intake")).result(callback, call_of(sent))
    except Unsaid as unsaid:
        return await _again(request, staff, callback, "unsaid", unsaid.name, sent)
    except Refusal as refusal:
        if refusal.status == 422 or refusal.status >= 500:
            return await _again(request, staff, callback, refusal.code, "", sent)
        return await shown_anew(refusal, partial(_queue, request, staff))
    done = "ended" if made.ended else "later"
    return RedirectResponse(Reader.of(request).link(QUEUE, done=done), 303)


async def _again(
    request: Request, staff: Staff, callback: str, failed: str, wrong: str, sent: Fields
) -> Response:
    try:
        return await _call(request, staff, callback, failed, wrong, sent, 422)
    except Refusal as refusal:
        return await shown_anew(refusal, partial(_queue, request, staff))


async def _call(
    request: Request, staff: Staff, callback: str, failed: str = "", wrong: str = "",
    sent: Fields | None = None, status: int = 200,
) -> Response:  # fmt: skip
    call = await Callbacks(staff.peer("intake")).claim(callback)
    case = await part(Cases(staff.peer).case(call.case))
    given = {
        "call": call, "case": case.found, "outcomes": OUTCOMES, "failed": failed, "wrong": wrong,
        "sent": sent or {},
    }  # fmt: skip
    page = await staff.show(request, "staff/callback.html", "desk", given, status)
    page.headers.update(NO_COPY)
    return page


async def _queue(
    request: Request, staff: Staff, done: str = "", failed: str = "", cursor: str = "",
    status: int = 200,
) -> Response:  # fmt: skip
    calls = await Callbacks(staff.peer("intake")).queue(cursor)
    given = {"calls": calls, "done": done, "failed": failed}
    return await staff.show(request, "staff/callbacks.html", "desk", given, status)
