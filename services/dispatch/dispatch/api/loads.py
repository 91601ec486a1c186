"""How much the grid workers below a grid carry (基层负担)."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from dispatch.api.callers import Reader
from dispatch.api.wanted import Asked
from dispatch.domain.worker_load import Tally, WorkerLoad, workers_in
from dispatch.domain.world import World
from dispatch.views import lists, sight
from service_kit import clock
from service_kit.runtime import Runtime

router = APIRouter(prefix="/workers", tags=["workers"])


class Loads(BaseModel):
    """Everybody who is a worker in the subtree of ``grid`` now, and what they have of the cases
    that fit the filters."""

    grid: str
    workers: list[WorkerLoad]


@router.get("/load")
async def show_load(request: Request, caller: Reader, asked: Annotated[Asked, Depends()]) -> Loads:
    """The load of each grid worker: what they were sent, have open, are late with and have to
    check. ``share=all`` with ``since`` and ``until`` counts a period."""
    runtime: Runtime = request.app.state.runtime
    world: World = await runtime.load_world()
    wanted = asked.wanted(world)
    grid = asked.grid or world.root
    sees = await sight.seen_by(runtime, caller)
    now = clock.now()
    tally = Tally(workers_in(world, grid, now), world, now)
    async for case in lists.states(runtime, wanted, sees):
        tally.add(case)
    return Loads(grid=grid, workers=tally.result())
