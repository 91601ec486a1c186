"""Charters: who answers for what, and the end of an entry."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from case_contracts.district import ChangeResult
from case_contracts.events.registry import CharterGranted, StandardPublished
from registry.api.answers import MISSING, READ, REFUSALS, When, Writer
from registry.api.changing import DryRun, Key, change, planned
from registry.api.grids import index
from registry.api.schemas import ChargeOut, Explanation, Problem, Revocation
from registry.commands.change import Planned
from registry.domain.charters import Charge, charges
from registry.domain.kinds import KINDS
from registry.domain.revoking import revocation
from registry.domain.step import Step
from registry.views.known import Known
from registry.views.records import spans, valid
from service_kit import clock
from service_kit.errors import Invalid, NotFound
from service_kit.grids import UnknownGrid
from service_kit.mongo import Database
from service_kit.validity import Span

router = APIRouter(prefix="/charters", tags=["charters"], responses=REFUSALS | MISSING)
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Problem, "description": "`in_the_past` or `ended_already`"},
}


@router.get("/explain", dependencies=READ)
async def explain(
    request: Request,
    when: When,
    matter: Annotated[str, Query(examples=["part/utilities/manhole-cover"])],
    grid: Annotated[str, Query(examples=["410199001001101"])],
) -> Explanation:
    """Who leads and who supports for a matter on a grid's ground, and why; or the fallback."""
    database = request.app.state.runtime.database
    try:
        path = (await index(request)).path(grid, when)
    except UnknownGrid as error:
        raise NotFound(str(error)) from None
    await _check_matter(database, matter, when)
    found = await _charges(database, matter, (*path, grid), when)
    lead = next((_out(each) for each in found if each.charter.role == "lead"), None)
    return Explanation(
        matter=matter,
        grid=grid,
        path=list(path),
        at=when,
        lead=lead,
        support=[_out(each) for each in found if each.charter.role == "support"],
        fallback=None if lead else grid,
    )


async def _check_matter(database: Database, matter: str, when: datetime) -> None:
    standards = await valid(database, KINDS["standard"], StandardPublished, {}, when)
    if not any(matter == each.code for standard in standards for each in standard.matters):
        raise NotFound(f"no standard of that time has the matter {matter}")


async def _charges(
    database: Database, matter: str, ground: tuple[str, ...], when: datetime
) -> list[Charge]:
    granted = [
        Span(span.data, span.start, span.end)
        for span in await spans(database, KINDS["charter"], {})
        if isinstance(span.data, CharterGranted)
    ]
    return list(charges(granted, matter, ground, when))


def _out(charge: Charge) -> ChargeOut:
    return ChargeOut.of(charge.charter, charge.pattern)


@router.post("/{charter:path}/revocation", responses=_CONFLICT)
async def revoke(
    request: Request, charter: str, body: Revocation, caller: Writer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """End a charter entry, at once or at `valid_to`; all its versions end with it."""
    if len(set(body.approved_by)) < 2:
        raise Invalid("approved_by: two different people approve a revocation")
    aggregate = charter if charter.startswith("charter:") else f"charter:{charter}"
    known: Known = request.app.state.runtime.extras["known"]

    async def plans() -> Planned:
        said = (await known.read(["charter"])).get(aggregate, ())
        events = tuple(revocation(said, body.valid_to, clock.now()))
        return planned([Step(aggregate, events)] if events else [])

    return await change(
        request, caller, body, plans, kind="revoke-charter", about=[aggregate],
        purpose=f"{body.reason} (approved by {', '.join(body.approved_by)})", key=key,
        dry_run=dry_run,
    )  # fmt: skip
