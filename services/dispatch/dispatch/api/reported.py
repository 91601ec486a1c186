"""What was reported on a case, for whoever has to act on it now."""

from typing import cast

from fastapi import APIRouter, Request, Response

from dispatch.adapters.reported import Said, said_on
from dispatch.api.callers import Worker
from dispatch.api.lists import answered_for
from dispatch.domain.reported import purpose_of
from dispatch.domain.whose import Caller
from dispatch.domain.world import World
from dispatch.views import sight
from service_kit import clock
from service_kit.errors import NotFound, Unavailable
from service_kit.runtime import Runtime

router = APIRouter(prefix="/cases/{case}", tags=["reported"])


class Words(Said):
    """The reporter's words and the exact place, never who they are. ``purpose``: what the look is
    written down for, as intake's `GET /vault/purposes` lists it."""

    purpose: str


@router.get(
    "/words",
    responses={
        404: {"description": "No such case, or nothing of it waits for you"},
        410: {"description": "It was erased: the key is destroyed"},
    },
)
async def words(request: Request, response: Response, case: str, caller: Worker) -> Words:
    """What was reported and exactly where, for the post-holder who has the task, the verifier,
    whoever is to place it and the supervisor at whose desk it waits. Intake writes it down."""
    response.headers["Cache-Control"] = "no-store"
    runtime: Runtime = request.app.state.runtime
    state = await sight.find(runtime, case, caller)
    world = cast(World, await runtime.load_world())
    asker = Caller(caller.id, caller.department, caller.scopes)
    purpose = purpose_of(state, world, clock.now(), asker, answered_for(world, caller.id))
    if purpose is None:
        raise NotFound(f"there is no case {case}")
    intake = runtime.settings.peers.get("intake")
    if intake is None:
        raise Unavailable("CIVICGRID_PEERS names no intake: what was reported is in its vault")
    said = await said_on(runtime.http, intake, case, purpose, caller.id)
    return Words(purpose=purpose, **dict(said))
