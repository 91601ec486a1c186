"""A supervisor's desk: what waits for them, what is late below them, what came up to them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from console.adapters.desk import Desks
from console.staff import Staff, of_area
from console.views.desk_shown import Tab, my_slips, rows_shown
from console.views.desk_told import Desk, Ruling
from service_kit import clock

router = APIRouter(prefix="/staff/desk", tags=["desk"])
AtDesk = Annotated[Staff, Depends(of_area("desk"))]
HAVE_DESK = ("cases.supervise", "cases.verify")
RULES = ("cases.arbitrate", *HAVE_DESK)


@router.get("", response_class=Response)
async def desk(request: Request, staff: AtDesk, tab: Tab | None = None) -> Response:
    """The desk, one tab at a time."""
    given = await _lists(staff, tab)
    return await staff.show(request, "staff/desk.html", "desk", given)


@router.get("/list", response_class=Response)
async def lists(request: Request, staff: AtDesk, tab: Tab) -> Response:
    """The lists as they are at this moment, for a page that has heard of a change."""
    given = await _lists(staff, tab)
    return await staff.show(request, "staff/desk_list.html", "desk", given)


async def _lists(staff: Staff, tab: Tab | None) -> dict[str, object]:
    desks = Desks(staff.peer("dispatch"))
    found, rulings = await asyncio.gather(_desk(staff, desks, tab), _rulings(staff, desks))
    slips = my_slips(found, staff.person.id)
    tabs = _tabs(staff, rulings)
    chosen = tab if tab in tabs else next(iter(tabs), None)
    cases = {"waiting": found.waiting, "late": found.late, "came_up": found.came_up, "slips": slips}
    listed = cases.get(chosen, ()) if chosen else ()
    return {
        "tab": chosen,
        "tabs": tabs,
        "counts": {**found.counts, "slips": len(slips), "rulings": len(rulings)},
        "rows": rows_shown(listed, staff.person.id, found.grids, clock.now()),
        "rulings": rulings,
        "grids": found.grids,
    }


def _tabs(staff: Staff, rulings: list[Ruling]) -> list[Tab]:
    """Those for which this person has the rights; whoever is asked to rule though it is not their
    office sees that too."""
    tabs: list[Tab] = ["rulings"] if rulings or staff.person.may("cases.arbitrate") else []
    return [*tabs, "waiting", "late", "came_up", "slips"] if staff.person.may(*HAVE_DESK) else tabs


async def _desk(staff: Staff, desks: Desks, tab: Tab | None) -> Desk:
    """With the tab's own list, and always what waits: one's slips are among it."""
    if not staff.person.may(*HAVE_DESK):
        return Desk(grids=[], waiting=[], late=[], came_up=[], counts={})
    return await desks.desk(["waiting", *(each for each in ("late", "came_up") if each == tab)])


async def _rulings(staff: Staff, desks: Desks) -> list[Ruling]:
    return await desks.rulings() if staff.person.may(*RULES) else []
