"""Scores of a month, and what stands behind each figure."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from assessment.api.schemas import (
    Behind,
    CountedThing,
    ScoreList,
    SubjectScore,
    frozen,
    rates,
)
from assessment.domain.formula import Indicator
from assessment.domain.scores import By, Counted, behind, scores
from assessment.domain.world import World
from assessment.reading import formula, ledgers_of, period_of
from assessment.views import places, published
from case_contracts.values import Ref
from service_kit import clock
from service_kit.auth import Principal
from service_kit.conflict import Conflict
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime

MAX_PAGE = 1000
SCOPES = ("scores.read", "scores.publish", "operate")
Reader = Annotated[Principal, Depends(needs(*SCOPES))]
router = APIRouter(
    prefix="/scores",
    tags=["scores"],
    dependencies=[Depends(needs(*SCOPES))],
    responses={
        401: {"description": "No valid token"},
        403: {"description": "Scope missing"},
        503: {"description": "The district's zone is not known yet"},
    },
)
Month = Annotated[str, Query(description="a month in the district's zone", examples=["2026-01"])]


@router.get("")
async def of_month(
    request: Request,
    period: Month,
    by: By,
    live: Annotated[bool, Query(description="compute anew also what is frozen")] = False,
) -> ScoreList:
    """Every department's or grid's figures; a grid's include all below it."""
    runtime: Runtime = request.app.state.runtime
    span = await period_of(runtime, period)
    fixed = {} if live else await published.of_period(runtime.database, period, by)
    found = [frozen(score, formula()) for score in fixed.values()]
    if not fixed:
        ledger = await ledgers_of(runtime).since(span.start)
        computed = await asyncio.to_thread(scores, ledger, formula(), span, by)
        found = [
            SubjectScore(subject=subject, figures=rates(figures, formula()))
            for subject, figures in computed.items()
        ]
    return ScoreList(
        period=period, by=by, over=span.over, formula=formula().reference,
        computed_at=clock.now(), scores=found,
    )  # fmt: skip


@router.get("/{period}/{by}/{subject}/{indicator}", responses={404: {"description": "None such"}})
async def of_figure(
    request: Request, period: str, by: By, subject: Ref, indicator: str,
    caller: Reader,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 100,
    after: Annotated[int, Query(ge=0)] = 0,
) -> Behind:  # fmt: skip
    """Every case or task in a figure, as counted now, with the ids of its events. What complains
    of the caller, or of those over them, is counted and not shown."""
    runtime: Runtime = request.app.state.runtime
    asked = _indicator(indicator)
    span = await period_of(runtime, period)
    ledger = await ledgers_of(runtime).since(span.start)
    counted = await asyncio.to_thread(behind, ledger, asked, span, by, subject)
    page = await _seen(runtime, caller, counted[after : after + limit])
    return Behind(
        indicator=indicator,
        numerator=sum(c.numerator for c in counted),
        denominator=sum(c.denominator for c in counted),
        counted=[CountedThing.of(c) for c in page],
        cursor=after + limit if after + limit < len(counted) else None,
    )


async def _seen(runtime: Runtime, caller: Principal, counted: Sequence[Counted]) -> list[Counted]:
    world: World = await runtime.load_world()
    about = await places.complaints(runtime.database, sorted({each.case for each in counted}))
    hidden = {
        case
        for case, whom in about.items()
        if Conflict(whom, world.ties, clock.now()).hides_from(caller.id, caller.department)
    }
    return [each for each in counted if each.case not in hidden]


def _indicator(code: str) -> Indicator:
    for indicator in formula().indicators:
        if indicator.code == code:
            return indicator
    known = ", ".join(i.code for i in formula().indicators)
    raise NotFound(f"there is no indicator {code}; there are {known}")
