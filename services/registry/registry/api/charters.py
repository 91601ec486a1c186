"""Charters: who answers for what, and the end of an entry."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel

from case_contracts.events.registry import CharterGranted, CharterRevoked, StandardPublished
from registry.api.answers import MISSING, READ, REFUSALS, When, Writer
from registry.api.grids import index
from registry.api.schemas import ChargeOut, Explanation, Problem, Revocation, example
from registry.commands.revoke_charter import RevokeCharter
from registry.domain.charters import Charge, charges
from registry.domain.kinds import KINDS
from registry.views.records import spans, valid
from service_kit import ids
from service_kit.errors import Invalid, NotFound
from service_kit.grids import UnknownGrid
from service_kit.mongo import Database
from service_kit.store.model import Outcome, Work
from service_kit.telemetry.tracing import current_traceparent
from service_kit.validity import Span

router = APIRouter(prefix="/charters", tags=["charters"], responses=REFUSALS | MISSING)
_CONFLICT: dict[int | str, dict[str, Any]] = {
    200: example([CharterRevoked.EXAMPLE]),
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
    request: Request,
    charter: str,
    body: Revocation,
    caller: Writer,
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
) -> list[CharterRevoked]:
    """End a charter entry, at once or at `valid_to`; all its versions end with it."""
    if len(set(body.approved_by)) < 2:
        raise Invalid("approved_by: two different people approve a revocation")
    purpose = f"{body.reason} (approved by {', '.join(body.approved_by)})"
    key = idempotency_key or str(uuid.uuid4())
    work = Work(
        aggregate=charter if charter.startswith("charter:") else f"charter:{charter}",
        handler="registry.revoke-charter",
        cause=ids.derived(caller.id, "revoke-charter", charter, key),
        command=RevokeCharter(body.valid_to),
        actor=caller.actor(purpose),
        traceparent=current_traceparent(),
        body_hash=_hash(body),
    )
    outcome: Outcome = await request.app.state.runtime.committer.submit(work)
    return [CharterRevoked.model_validate(event.data) for event in outcome.events]


def _hash(body: BaseModel) -> str:
    return ids.derived(body.model_dump_json())
