"""The field worker's day (掌上网格): tasks and rounds, one's grids, what is held on oneself."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.asking import Refusal
from console.adapters.field import Field
from console.api.staff.field_shown import Worker, field_of, own_cases, show
from console.domain.centre import centre
from console.staff import Staff
from console.views.field_day import in_order, missing, work_of
from console.views.field_told import Case, Round, Team
from service_kit import clock

router = APIRouter(prefix="/staff/field", tags=["field"])
MOST_PLACES = 12
"""So many grids are looked up for the distance to them."""


@router.get("", response_class=Response)
async def day(request: Request, staff: Worker) -> Response:
    """Today's tasks and rounds, what is late or due first on top; one's grids and who is there."""
    field, now = field_of(staff), clock.now()
    cases, rounds, teams = await asyncio.gather(
        _work(staff), _rounds(staff, field), _teams(staff, field)
    )
    work = in_order(work_of(case, staff.person.id, now) for case in cases)
    centres = await _centres(staff, field, [each.case.grid for each in work])
    given = {
        "work": work, "rounds": missing(rounds), "teams": teams, "centres": centres, "part": "day",
    }  # fmt: skip
    return await show(request, staff, "staff/field_day.html", given)


@router.get("/me", response_class=Response)
async def me(request: Request, staff: Worker, year: int | None = None) -> Response:
    """All that intake holds on the person in a year, and where to ask for the rest."""
    field = field_of(staff)
    held, teams = await asyncio.gather(field.held(year), _teams(staff, field))
    roles = {each.role: each.name for team in teams for each in team.roles if each.name}
    return await show(
        request, staff, "staff/field_me.html", {"held": held, "roles": roles, "part": "me"}
    )


async def _work(staff: Staff) -> list[Case]:
    return await own_cases(staff).mine() if staff.person.may("cases.verify") else []


async def _rounds(staff: Staff, field: Field) -> list[Round]:
    return await field.rounds() if staff.person.may("visits.write") else []


async def _teams(staff: Staff, field: Field) -> list[Team]:
    if not staff.person.may("registry.read"):
        return []
    posts = await field.posts(staff.person.id)
    return await field.teams(sorted({each.grid for each in posts}))


async def _centres(staff: Staff, field: Field, grids: list[str]) -> dict[str, tuple[float, float]]:
    """Of the first grids, where their middle is; a grid that has ended has none."""
    if not staff.person.may("registry.read"):
        return {}
    wanted = list(dict.fromkeys(grids))[:MOST_PLACES]
    found = await asyncio.gather(*(_centre(field, grid) for grid in wanted))
    return {grid: at for grid, at in zip(wanted, found, strict=True) if at is not None}


async def _centre(field: Field, grid: str) -> tuple[float, float] | None:
    try:
        return centre(await field.outline(grid))
    except Refusal as refusal:
        if refusal.status == 404:
            return None
        raise
