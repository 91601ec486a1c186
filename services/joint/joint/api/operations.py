"""Reading operations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from case_contracts.values import Ref
from joint.api.schemas import Operation
from joint.views import operations
from service_kit.http.access import needs

router = APIRouter(
    prefix="/operations",
    tags=["operations"],
    dependencies=[Depends(needs("operations.read", "operate"))],
    responses={401: {"description": "No valid token"}, 403: {"description": "Scope missing"}},
)


@router.get("/{operation}", responses={404: {"description": "No such operation"}})
async def show(request: Request, operation: Ref) -> Operation:
    """One operation: lead, arrival limit, where each called unit stands."""
    return Operation.of(await operations.find(request.app.state.runtime.database, operation))


@router.get("")
async def of_case(
    request: Request, case: Annotated[Ref, Query(description="the case's id")]
) -> list[Operation]:
    """The operations on one case."""
    found = await operations.of_case(request.app.state.runtime.database, case)
    return [Operation.of(state) for state in found]
