"""What all pages of the field share: who asks, how a page is shown, and how a step is answered."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from console.adapters.field import Field, OwnCases
from console.adapters.pages import Reader
from console.house import house_of
from console.staff import Staff, of_area
from console.views.field_fates import words
from service_kit import clock

Worker = Annotated[Staff, Depends(of_area("field"))]
PERSON = "X-Staff-Person"
"""Whose page it is, for the service worker: it keeps nobody's pages for somebody else."""


def own_cases(staff: Staff) -> OwnCases:
    return OwnCases(staff.peer("dispatch"))


def field_of(staff: Staff) -> Field:
    return Field(staff.peer("intake"), staff.peer("registry"))


async def show(
    request: Request, staff: Staff, name: str, given: Mapping[str, Any], status: int = 200
) -> HTMLResponse:
    """One of these pages; ``done`` and ``failed`` of the address are told on it."""
    told = {each: request.query_params.get(each, "") for each in ("done", "failed")}
    labels = house_of(request).pages.labels(Reader.of(request).language)
    own = {
        "now": clock.now(), "key": uuid.uuid4().hex, "person": staff.person,
        "fate_words": words(labels), **told,
    }  # fmt: skip
    answer = await staff.show(request, name, "field", {**own, **given}, status)
    answer.headers[PERSON] = staff.person.id
    return answer


def back(request: Request, path: str, **query: str) -> Response:
    """On to a page after something was sent."""
    return RedirectResponse(Reader.of(request).link(path, **query), 303)
