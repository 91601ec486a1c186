"""How things stand on the ground: figures by grid, for a map and its table."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from case_contracts.values import Ref
from dispatch.api.callers import READS, Reader
from dispatch.domain.world import World
from dispatch.views import board, sight
from dispatch.views import days as by_days
from dispatch.views import ground as grounds
from dispatch.views.days import Day, Days
from dispatch.views.ground import Ground
from service_kit import clock
from service_kit.errors import Invalid
from service_kit.http.access import needs
from service_kit.runtime import Runtime

router = APIRouter(prefix="/cases", tags=["cases"], dependencies=[Depends(needs(*READS))])


Within = Annotated[Ref | None, Query(description="left out: the whole district")]


@router.get("/ground")
async def ground(request: Request, caller: Reader, grid: Within = None) -> Ground:
    """The figures of a grid and of those directly below it: open, late, paused, to be verified,
    and what was opened and closed in the last 24 hours."""
    runtime: Runtime = request.app.state.runtime
    world: World = await runtime.load_world()
    wanted = _known(world, grid)
    known = await board.entries(runtime)
    sees = await sight.seen_by(runtime, caller)
    return grounds.ground(known, world, wanted, sees, clock.now())


@router.get("/days")
async def days(request: Request, caller: Reader, grid: Within = None) -> list[Day]:
    """The last two weeks of a grid: how many cases were opened, closed in time and closed late on
    each day, in the district's zone; at most half a minute old."""
    runtime: Runtime = request.app.state.runtime
    world: World = await runtime.load_world()
    wanted = _known(world, grid)
    kept: Days = runtime.extras["days"]
    courses = await kept.courses(runtime.database, world.root)
    sees = await sight.seen_by(runtime, caller)
    return by_days.by_day(courses, wanted, world.zone, sees, clock.now())


def _known(world: World, grid: str | None) -> str:
    wanted = world.root if grid is None else grid
    if wanted not in world.paths:
        raise Invalid(f"there is no grid {wanted}", code="unknown_grid")
    return wanted
