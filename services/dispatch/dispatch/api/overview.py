"""Many cases at once, for programs that follow them."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.values import Ref
from dispatch.api.callers import READS, Reader
from dispatch.views import overview, sight
from dispatch.views.overview import Figures, Standing, Turn
from service_kit.http.access import needs

MAX_CASES, MAX_TURNS = 500, 2000
router = APIRouter(prefix="/cases", tags=["cases"], dependencies=[Depends(needs(*READS))])


class Wanted(BaseModel):
    """The ids of up to 500 cases."""

    model_config = ConfigDict(extra="forbid")

    cases: Annotated[list[Ref], Field(max_length=MAX_CASES)]


@router.post("/lookup")
async def lookup(request: Request, wanted: Wanted, caller: Reader) -> list[Standing]:
    """Where each of these cases stands; one that dispatch has not taken up is left out."""
    runtime = request.app.state.runtime
    sees = await sight.seen_by(runtime, caller)
    return await overview.standings(runtime.database, wanted.cases, sees)


@router.get("/turns")
async def turns(
    request: Request,
    caller: Reader,
    kind: Annotated[Literal["person", "supervisor", "department"] | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_TURNS)] = MAX_TURNS,
) -> list[Turn]:
    """What waits for somebody, in all cases or in those whose turn it is at desks of a kind."""
    runtime = request.app.state.runtime
    sees = await sight.seen_by(runtime, caller)
    return await overview.turns(runtime.database, f"{kind}:" if kind else "", limit, sees)


@router.get("/figures")
async def figures(request: Request) -> Figures:
    """All cases of the district, counted by what has become of them."""
    return await overview.figures(request.app.state.runtime.database)
