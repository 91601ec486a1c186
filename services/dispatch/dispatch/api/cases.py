"""Reading cases: state, clock, and whose turn it is."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from dispatch.api.callers import Reader, Worker
from dispatch.views import cases, clock, sight, turn
from service_kit.auth import Principal
from service_kit.errors import Forbidden

MAX_PAGE = 200
router = APIRouter(prefix="/cases", tags=["cases"])


class Desk(BaseModel):
    """One page of open cases; ``cursor`` is the last id, to be given as ``after``."""

    cases: list[dict[str, Any]]
    cursor: str | None


@router.get("/mine")
async def mine(
    request: Request,
    caller: Worker,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    after: str = "",
) -> Desk:
    """What waits for the caller: to handle, to verify or to place."""
    return await _page(request, caller, f"person:{caller.id}", limit, after)


@router.get("")
async def list_cases(
    request: Request,
    caller: Reader,
    desk: Annotated[str, Query(description="department:<id>, person:<id>, supervisor:<grid>")],
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    after: str = "",
) -> Desk:
    """Open cases whose turn it is at a desk."""
    return await _page(request, caller, desk, limit, after)


@router.get("/waiting")
async def waiting(request: Request, _: Reader) -> dict[str, int]:
    """How many open cases wait at each desk."""
    return await cases.counts(request.app.state.runtime.database)


@router.get("/{case}")
async def show(request: Request, case: str, caller: Reader) -> dict[str, Any]:
    """One case: task, handler, clocks, verification."""
    state = await sight.find(request.app.state.runtime, case, caller)
    return state.model_dump(mode="json")


@router.get("/{case}/clock")
async def show_clock(request: Request, case: str, caller: Reader) -> clock.ClockExplained:
    """Why each deadline is what it is: segments with their limit, pauses and extensions (and who
    granted them), the working time counted, the versions of standard and calendar."""
    runtime = request.app.state.runtime
    state = await sight.find(runtime, case, caller)
    return clock.explained(state, await runtime.load_world())


@router.get("/{case}/turn")
async def show_turn(request: Request, case: str, caller: Reader) -> turn.Turn:
    """Whose turn it is, all that waits beside it, and what happens next though nobody does
    anything."""
    return turn.turn(await sight.find(request.app.state.runtime, case, caller))


async def _page(request: Request, caller: Principal, desk: str, limit: int, after: str) -> Desk:
    if len(desk) > 200:
        raise Forbidden("that is no desk")
    runtime = request.app.state.runtime
    sees = await sight.seen_by(runtime, caller)
    rows = await cases.at_desk(runtime.database, desk, limit, after, sees)
    return Desk(cases=rows, cursor=rows[-1]["case"] if len(rows) == limit else None)
