"""Portfolios: which leader is in charge of what (分管)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from case_contracts.district import ChangeResult
from case_contracts.events.registry import PortfolioAssigned
from case_contracts.values import Ref
from registry.api.answers import MISSING, READ, REFUSALS, When, Writer
from registry.api.changing import DryRun, Key
from registry.api.people.changing import post, raw
from registry.api.people.ground import ground_of
from registry.api.people.schemas import PortfolioIn
from registry.api.schemas import example
from registry.domain.kinds import KINDS
from registry.views.records import valid

router = APIRouter(prefix="/portfolios", tags=["people"], responses=REFUSALS)
PORTFOLIO = KINDS["portfolio"]


@router.get("", dependencies=READ, responses=MISSING | {200: example([PortfolioAssigned.EXAMPLE])})
async def portfolios(
    request: Request,
    when: When,
    person: Annotated[Ref | None, Query(examples=["p-000001"])] = None,
    grid: Annotated[Ref | None, Query(examples=["410199"])] = None,
) -> list[PortfolioAssigned]:
    """Who was in charge of what; with `grid`, on its ground: also through a grid above it."""
    ground = await ground_of(request, grid, when)
    found = await valid(request.app.state.runtime.database, PORTFOLIO, PortfolioAssigned, {}, when)
    return [p for p in found if person in (None, p.person) and (not ground or p.grid in ground)]


@router.post("")
async def assign(
    request: Request, body: PortfolioIn, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """A leader is put in charge; with `valid_to` until then."""
    return await post(request, caller, body, PORTFOLIO, "portfolios", [raw(body)],
                      reason=body.reason, key=key, dry_run=dry_run)  # fmt: skip
