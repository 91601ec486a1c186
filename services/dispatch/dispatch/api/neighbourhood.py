"""Figures for everybody: how the cases around them go. No token needed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from dispatch.domain.world import World
from dispatch.settings import DispatchSettings
from dispatch.views.neighbourhood import Month, Months, months
from service_kit import clock
from service_kit.errors import NotFound
from service_kit.runtime import Runtime

router = APIRouter(prefix="/neighbourhood", tags=["neighbourhood"])


@router.get("/figures", responses={404: {"description": "That month is not told"}})
async def figures(
    request: Request,
    response: Response,
    month: Annotated[
        str | None,
        Query(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="left out: the newest"),
    ] = None,
) -> Month:
    """Of the district and the grids of its public levels: the cases reported in a month, by class,
    how many are open, and how much was done in time. Small numbers are left out, and others from
    which they could be computed; at most some minutes old."""
    runtime: Runtime = request.app.state.runtime
    settings = runtime.settings
    assert isinstance(settings, DispatchSettings)
    world: World = await runtime.load_world()
    told = months(clock.now(), world.zone, running=settings.public_running)
    wanted = month or told[0]
    if wanted not in told:
        raise NotFound(f"{wanted} is not told; there are {', '.join(told)}", code="no_such_month")
    kept: Months = runtime.extras["months"]
    response.headers["Cache-Control"] = "public, max-age=60"
    return await kept.of(runtime.database, world, wanted, told)
