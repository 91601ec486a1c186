"""Contact groups: 10 to 30 households that one person visits (联系户)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from case_contracts.district import ChangeResult
from case_contracts.events.registry import ContactGroupFormed
from case_contracts.values import Ref
from registry.api.answers import MISSING, READ, REFUSALS, When, Writer
from registry.api.changing import DryRun, Key
from registry.api.people.changing import end, post, raw
from registry.api.people.schemas import ContactGroupIn, Ending
from registry.api.schemas import example
from registry.domain.kinds import KINDS
from registry.views.records import valid
from service_kit.errors import Invalid

router = APIRouter(prefix="/contact-groups", tags=["people"], responses=REFUSALS)
GROUP = KINDS["contact_group"]


@router.get("", dependencies=READ, responses={200: example([ContactGroupFormed.EXAMPLE])})
async def groups(
    request: Request,
    when: When,
    grid: Annotated[Ref | None, Query(examples=["410199001001001"])] = None,
    person: Annotated[Ref | None, Query(examples=["p-000123"])] = None,
) -> list[ContactGroupFormed]:
    """The groups of a grid, or of a contact, that stood at a time."""
    given = {"grids": grid, "persons": person}
    query = {key: value for key, value in given.items() if value is not None}
    if not query:
        raise Invalid("give grid, person or both")
    database = request.app.state.runtime.database
    found = await valid(database, GROUP, ContactGroupFormed, query, when)
    return [g for g in found if grid in (None, g.grid) and person in (None, g.person)]


@router.post("")
async def form(
    request: Request, body: ContactGroupIn, caller: Writer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """A group is formed; its contact needs a post in that grid or above it."""
    return await post(request, caller, body, GROUP, "contact_groups", [raw(body)],
                      reason=body.reason, key=key, dry_run=dry_run)  # fmt: skip


@router.post("/{group:path}/end", responses=MISSING)
async def dissolve(
    request: Request, group: Ref, body: Ending, caller: Writer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """A contact group ends."""
    return await end(request, caller, body, GROUP, group, key=key, dry_run=dry_run)
