"""Reading operations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from case_contracts.values import Ref
from joint.api.schemas import Operation
from joint.domain.state import OperationState
from joint.domain.world import World
from joint.views import operations
from service_kit import clock
from service_kit.auth import Principal
from service_kit.conflict import Conflict
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime

Reader = Annotated[Principal, Depends(needs("operations.read", "operate"))]
router = APIRouter(
    prefix="/operations",
    tags=["operations"],
    responses={401: {"description": "No valid token"}, 403: {"description": "Scope missing"}},
)


@router.get("/{operation}", responses={404: {"description": "No such operation"}})
async def show(request: Request, operation: Ref, caller: Reader) -> Operation:
    """One operation: lead, arrival limit, where each called unit stands."""
    runtime: Runtime = request.app.state.runtime
    found = await operations.find(runtime.database, operation)
    if await _hides(runtime, found, caller):
        raise NotFound(f"there is no operation {operation}")
    return Operation.of(found)


@router.get("")
async def several(
    request: Request,
    caller: Reader,
    case: Annotated[Ref | None, Query(description="the case's id; left out: all cases")] = None,
) -> list[Operation]:
    """The operations on one case; without a case those that are under way, the newest first."""
    runtime: Runtime = request.app.state.runtime
    if case is None:
        found = await operations.under_way(runtime.database)
    else:
        found = await operations.of_case(runtime.database, case)
    return [Operation.of(state) for state in found if not await _hides(runtime, state, caller)]


async def _hides(runtime: Runtime, state: OperationState, caller: Principal) -> bool:
    """Whom the case complains of, and those under them, see nothing of it (domain rule 12)."""
    if state.about is None:
        return False
    world: World = await runtime.load_world()
    conflict = Conflict(state.about, world.ties, clock.now())
    return conflict.hides_from(caller.id, caller.department)
