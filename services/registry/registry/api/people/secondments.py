"""Secondments: a department's people under a grid's lead (下沉), with delegated powers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from case_contracts.district import ChangeResult
from case_contracts.events.registry import CharterGranted, SecondmentStarted
from case_contracts.values import Ref
from registry.api.answers import MISSING, READ, REFUSALS, When, Writer
from registry.api.changing import DryRun, Key
from registry.api.people.changing import end, post, raw
from registry.api.people.ground import ground_of
from registry.api.people.schemas import Ending, SecondmentIn
from registry.api.schemas import example
from registry.domain.kinds import KINDS
from registry.views.records import valid
from service_kit.errors import NotFound

router = APIRouter(prefix="/secondments", tags=["people"], responses=REFUSALS)
SECONDMENT = KINDS["secondment"]


class SecondmentOut(BaseModel):
    """A secondment, and which of its powers the department really held on that ground: a power
    whose charter has ended is gone here as well."""

    secondment: SecondmentStarted
    powers_held: list[str]


_OUT = {"secondment": SecondmentStarted.EXAMPLE, "powers_held": ["inspect"]}


@router.get("", dependencies=READ, responses={200: example([_OUT])})
async def secondments(
    request: Request,
    when: When,
    grid: Annotated[Ref | None, Query(examples=["410199001001"])] = None,
    department: Annotated[Ref | None, Query(examples=["urban-management"])] = None,
    person: Annotated[Ref | None, Query(examples=["p-000900"])] = None,
) -> list[SecondmentOut]:
    """Who was placed under which grid, with which powers."""
    given = {"grids": grid, "departments": department, "persons": person}
    query = {key: value for key, value in given.items() if value is not None}
    database = request.app.state.runtime.database
    found = [
        each
        for each in await valid(database, SECONDMENT, SecondmentStarted, query, when)
        if grid in (None, each.grid)
        and department in (None, each.department)
        and person in (None, each.person)
    ]
    charters = await valid(database, KINDS["charter"], CharterGranted, {}, when) if found else []
    out = []
    for each in found:
        ground = await _ground(request, each, when)
        held = {
            power
            for charter in charters
            if charter.department == each.department and charter.grid in ground
            for power in charter.powers
        }
        held_here = [power for power in each.powers if power in held]
        out.append(SecondmentOut(secondment=each, powers_held=held_here))
    return out


async def _ground(request: Request, each: SecondmentStarted, when: When) -> tuple[str, ...]:
    try:
        return await ground_of(request, each.grid, when)
    except NotFound:  # the grid has ended before the secondment
        return ()


@router.post("")
async def begin(
    request: Request, body: SecondmentIn, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """A person is placed under a grid; a power that the department does not hold is named."""
    return await post(request, caller, body, SECONDMENT, "secondments", [raw(body)],
                      reason=body.reason, key=key, dry_run=dry_run)  # fmt: skip


@router.post("/{secondment:path}/end", responses=MISSING)
async def finish(
    request: Request, secondment: Ref, body: Ending, caller: Writer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """A secondment ends before its time; the delegated powers go with it."""
    return await end(request, caller, body, SECONDMENT, secondment, key=key, dry_run=dry_run)
