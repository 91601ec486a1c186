"""What was reported on a case, for whoever in the field has to act on it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.headers import NO_COPY
from console.api import forms
from console.api.staff.field_shown import Worker, back, own_cases, show

router = APIRouter(prefix="/staff/field/cases/{case}/words", tags=["field"])


@router.get("", response_class=Response)
async def to_case(request: Request, case: str, _: Worker) -> Response:
    """They have no address of their own: one asks on the case's page."""
    return back(request, f"/staff/field/cases/{case}")


@router.post("", response_class=Response)
async def read(request: Request, case: str, staff: Worker) -> Response:
    """The reporter's words and the exact place. An answer to a form: no phone keeps it, and intake
    writes down who was shown them."""
    await forms.of_staff(request)
    work = own_cases(staff)
    found, said = await work.case(case), await work.words(case)
    page = await show(
        request, staff, "staff/field_words.html", {"case": found, "said": said, "part": "day"}
    )
    page.headers.update(NO_COPY)
    return page
