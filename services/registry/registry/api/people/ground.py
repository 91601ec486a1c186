"""A grid with those above it, as asked for in a query."""

from datetime import datetime

from fastapi import Request

from registry.api.grids import index
from service_kit.errors import NotFound
from service_kit.grids import UnknownGrid


async def ground_of(request: Request, grid: str | None, when: datetime) -> tuple[str, ...]:
    """From the grid up to the root; empty where none was asked for. Raises NotFound."""
    if grid is None:
        return ()
    try:
        path = (await index(request)).path(grid, when)
    except UnknownGrid as error:
        raise NotFound(str(error)) from None
    return (grid, *reversed(path))
