"""The neighbourhood's figures, for everybody: no login, no cookie, no small number."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.asking import Refusal
from console.adapters.pages import Reader
from console.house import dispatch_for, house_of
from console.views.figures_shown import STEPS, shown

router = APIRouter(tags=["pages"])
NO_SUCH = (404, 422)


@router.get("/figures", response_class=Response)
async def figures(request: Request, month: str = "", grid: str = "") -> Response:
    """What was reported in a month, how much of it was done in time, and where."""
    house = house_of(request)
    await house.territory.fresh()
    try:
        told = await dispatch_for(request).month(month)
    except Refusal as refusal:
        if month and refusal.status in NO_SUCH:
            return RedirectResponse(Reader.of(request).link("/figures", grid=grid), 303)
        raise
    found = shown(told, grid)
    if found is None:
        return house.pages.show(request, "figures_none.html", {})
    return house.pages.show(request, "figures.html", {"told": found, "steps": STEPS})
