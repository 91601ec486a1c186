"""``GET /desk/received``: what one has taken and still answers for (首接负责)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from case_contracts.values import Ref
from intake.api import sight
from intake.api.schemas import Answers
from intake.api.triage_schemas import Cursor
from intake.domain.world import World
from intake.views.received import Answering, answering
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Forbidden
from service_kit.http.access import needs
from service_kit.runtime import Runtime

router = APIRouter(prefix="/desk", tags=["desk"])
Staff = Annotated[Principal, Depends(needs("reports.staff", "reports.read"))]
REFUSED: Answers = {403: {"description": "Another's list needs reports.read"}}


class ReceivedOut(BaseModel):
    """Taken by ``receiver`` and not yet accepted by anybody; ``case`` is null while it waits for
    a reviewer. ``hours`` since it was reported."""

    receiver: Ref
    report: Ref
    case: Ref | None
    matter: str
    reported_at: datetime
    hours: float

    @classmethod
    def of(cls, found: Answering, now: datetime) -> "ReceivedOut":
        return cls(
            receiver=found.receiver,
            report=found.report,
            case=found.case,
            matter=found.matter,
            reported_at=found.reported_at,
            hours=round((now - found.reported_at).total_seconds() / 3600, 2),
        )


class Received(BaseModel):
    """The oldest first; ``count`` is of all pages."""

    received: list[ReceivedOut]
    cursor: str | None
    count: int


@router.get("/received", responses=REFUSED)
async def received(
    request: Request,
    caller: Staff,
    receiver: Annotated[
        Ref | None, Query(description="a person, or a post that one holds; all with reports.read")
    ] = None,
    after: Annotated[Cursor | None, Query(description="cursor of the page before")] = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Received:
    """What somebody took and nobody has accepted since: it leaves the list on acceptance, when
    it is rejected or withdrawn. Without ``receiver``: the caller's own, or with the scope
    reports.read everybody's. What complains of the caller is not in it."""
    runtime: Runtime = request.app.state.runtime
    now = clock.now()
    whose = await _whose(runtime, caller, receiver)
    hides = await sight.hidden_from(runtime, caller)
    found = await answering(runtime.database, whose, hides)
    left = [each for each in found if after is None or each.key > after]
    cursor = left[limit - 1].key if len(left) > limit else None
    shown = [ReceivedOut.of(each, now) for each in left[:limit]]
    return Received(received=shown, cursor=cursor, count=len(found))


async def _whose(runtime: Runtime, caller: Principal, receiver: str | None) -> str | None:
    """Whose list; raises Forbidden for another's without the right to it."""
    if caller.may("reports.read"):
        return receiver
    world: World = await runtime.load_world()
    if receiver is None or caller.id in (receiver, world.holder(receiver, clock.now())):
        return receiver or caller.id
    raise Forbidden("what others answer for needs the scope reports.read")
