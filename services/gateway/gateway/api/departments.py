"""The HTTP twin of a department's vhost: the same inbox by cursor, the same commands."""

import asyncio
import time
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Path, Query, Request
from fastapi.openapi.models import Example
from pydantic import BaseModel, Field

from case_contracts.commands import EXAMPLES, Command
from case_contracts.inbox import EXAMPLES as ITEMS
from case_contracts.inbox import InboxItem
from gateway.door import Door, door_of
from gateway.views.inbox import Waits
from service_kit.auth import Principal
from service_kit.errors import NotFound, Unavailable
from service_kit.http.access import needs

LONGEST_WAIT = 20.0
MARGIN_SECONDS = 2.0
PAGE = 100
Department = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$", examples=["water-affairs"])]


class Page(BaseModel):
    """``next`` is what to give as ``after`` the next time."""

    items: list[Annotated[InboxItem, Field(discriminator="kind")]]
    next: int

    model_config = {
        "json_schema_extra": {"examples": [{"items": [ITEMS["task.assigned"]], "next": 1}]}
    }


class Taken(BaseModel):
    """The command is taken; its answer comes in the inbox as ``command.answered``."""

    id: str
    outcome: str

    model_config = {
        "json_schema_extra": {"examples": [{"id": "6f0b1c52:1:accept", "outcome": "forwarded"}]}
    }


Caller = Annotated[Principal, Depends(needs("department"))]


async def own_door(request: Request, department: Department, caller: Caller) -> Door:
    """The door, for the department itself; for all others there is nothing here."""
    if caller.kind != "department" or caller.department != department:
        raise NotFound(f"no department {department} of yours")
    return door_of(request.app.state.runtime)


router = APIRouter(
    prefix="/departments/{department}",
    tags=["departments"],
    responses={404: {"description": "Not the caller's department, or none at all"}},
)
OwnDoor = Annotated[Door, Depends(own_door)]


@router.get("/inbox", responses={503: {"description": "The next item's words cannot be had now"}})
async def inbox(
    request: Request,
    department: Department,
    door: OwnDoor,
    after: Annotated[int, Query(ge=0, description="cursor of the last item handled")] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT, description="seconds to wait")] = 0,
) -> Page:
    """The items after a cursor, in order and without gaps; with ``wait`` as a long poll.

    An earlier cursor replays; a task that is no longer the department's is then shown as
    withdrawn.
    """
    longest = request.app.state.runtime.settings.request_seconds - MARGIN_SECONDS
    until = time.monotonic() + min(wait, max(0.0, longest))
    while True:
        grown = door.inbox.logs.grown()
        try:
            items = await door.inbox.page(department, after, limit)
        except Waits as waits:
            raise Unavailable(f"the next item has to wait: {waits.reason}") from None
        left = until - time.monotonic()
        if items or left <= 0:
            return Page(items=items, next=items[-1].cursor if items else after)
        await _either(grown, min(left, 0.5))


async def _either(grown: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await grown.wait()
    except TimeoutError:
        return


_EXAMPLES = {name: Example(value=value) for name, value in EXAMPLES.items()}


@router.post(
    "/commands",
    status_code=202,
    responses={422: {"description": "Not a command; the fields are named"}},
)
async def send(
    department: Department,
    door: OwnDoor,
    caller: Caller,
    command: Annotated[Command, Body(discriminator="name", openapi_examples=_EXAMPLES)],
) -> Taken:
    """Take a command under its id, which is deduplicated for ever."""
    sent = command.model_dump_json().encode()
    outcome = await door.desk.take(department, sent, by=caller.id)
    return Taken(id=command.id, outcome=outcome)
