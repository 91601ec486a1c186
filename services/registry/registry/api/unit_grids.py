"""The grids that households belong to: the lowest ones, of now."""

from fastapi import Request

from registry.api.grids import index
from registry.views.sight import Sight
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import Forbidden, Invalid, NotFound
from service_kit.grids import GridSpan


async def lowest(request: Request, caller: Principal, grid: str) -> None:
    """Raises Invalid unless it is a grid without grids below it, Forbidden unless the caller has
    a post there or above."""
    now = clock.now()
    spans = (await index(request)).valid(now)
    found = next((span.data for span in spans if span.data.grid == grid), None)
    if found is None:
        raise Invalid(f"grid: no grid {grid} is valid now", code="grid_unknown")
    if any(span.data.parent == grid for span in spans):
        raise Invalid(
            f"grid: {grid} has grids below it; name the one that the household lives in",
            code="grid_not_lowest",
        )
    sight = await Sight.of(request.app.state.runtime.database, caller, now)
    if not sight.sees((*found.path, grid)):
        raise Forbidden(f"you have no post in {grid} or above it", code="not_your_ground")


async def on_ground(request: Request, grid: str, sight: Sight) -> list[str]:
    """The grid and all below it that the caller may see; NotFound for one that is not valid."""
    spans = (await index(request)).valid(clock.now())
    if not any(span.data.grid == grid for span in spans):
        raise NotFound(f"no grid {grid} is valid now")
    return [s.data.grid for s in spans if _within(s, grid) and sight.sees(_ground(s))]


def _within(span: GridSpan, grid: str) -> bool:
    return grid in _ground(span)


def _ground(span: GridSpan) -> tuple[str, ...]:
    return (*span.data.path, span.data.grid)
