"""Charters: who answers for what, and what nobody answers for."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from case_contracts.events.registry import PostingStarted
from case_contracts.values import MatterCode, Ref
from registry.api.answers import MISSING, READ, REFUSALS, When
from registry.api.charter_schemas import (
    PROPOSAL,
    AnswersFor,
    CharterFile,
    CharterId,
    CharterRow,
    CharterVersion,
    Entry,
    UnledGround,
)
from registry.api.grids import index
from registry.api.schemas import ChargeOut, Considered, Explanation, example
from registry.commands.charter import aggregate_of
from registry.domain.chartering.considered import Passed, passed_over
from registry.domain.chartering.listing import Row, Wanted, rows
from registry.domain.chartering.unled import Unled, answers_for, unled
from registry.domain.charters import Charge, charges
from registry.domain.validation.leads import charter_spans
from registry.views.charter_file import said_in, versions
from registry.views.duties import admitted, matters_at, posts_at
from registry.views.known import Known
from service_kit import clock
from service_kit.errors import NotFound
from service_kit.grids import UnknownGrid

router = APIRouter(
    prefix="/charters", tags=["charters"], dependencies=READ, responses=REFUSALS | MISSING
)
Grid = Annotated[Ref, Query(examples=["410199001001101"])]
Matter = Annotated[MatterCode, Query(examples=["part/utilities/manhole-cover"])]
MOST, MOST_CONSIDERED, MOST_GROUNDS = 500, 50, 1000
_ROW = {"charter": PROPOSAL["charter"], "in_force": None, "approved_by": [],
        "pending": PROPOSAL | {"version": 1, "valid_to": None}}  # fmt: skip


async def _path(request: Request, grid: str, when: When) -> tuple[str, ...]:
    try:
        return (*(await index(request)).path(grid, when), grid)
    except UnknownGrid as error:
        raise NotFound(str(error)) from None


@router.get("", responses={200: example([_ROW])})
async def several(
    request: Request, when: When,
    department: Annotated[Ref | None, Query(examples=["urban-management"])] = None,
    matter: Annotated[MatterCode | None, Query()] = None,
    grid: Annotated[Ref | None, Query(description="entries that apply on its ground")] = None,
    pending: Annotated[bool | None, Query(description="whether a version waits")] = None,
    after: Annotated[str, Query(description="the last entry of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> list[CharterRow]:  # fmt: skip
    """Entries that were in force, and those of which a version waits for approval."""
    ground = await _path(request, grid, when) if grid is not None else None
    known: Known = request.app.state.runtime.extras["known"]
    said = await known.read(["charter"])
    wanted = Wanted(department, matter, ground, pending)
    found = [row for row in rows(said, when, wanted) if row.charter > after]
    return [_row(row) for row in found[:limit]]


def _row(row: Row) -> CharterRow:
    waits = row.waits
    return CharterRow(
        charter=row.charter,
        in_force=Entry.model_validate(row.in_force) if row.in_force else None,
        pending=Entry.model_validate(waits.wanted) if waits else None,
        approved_by=list(waits.approved_by) if waits else [],
    )


@router.get("/explain")
async def explain(request: Request, when: When, matter: Matter, grid: Grid) -> Explanation:
    """Who leads and who supports for a matter on a grid's ground, and why; or the fallback, with
    the entries that were considered and do not apply."""
    path = await _path(request, grid, when)
    known: Known = request.app.state.runtime.extras["known"]
    said = await known.read(["charter", "standard"])
    if matter not in matters_at(said, when):
        raise NotFound(f"no standard of that time has the matter {matter}")
    found = list(charges(charter_spans(said), matter, path, when))
    lead = next((_out(each) for each in found if each.charter.role == "lead"), None)
    return Explanation(
        matter=matter,
        grid=grid,
        path=list(path[:-1]),
        at=when,
        lead=lead,
        support=[_out(each) for each in found if each.charter.role == "support"],
        fallback=None if lead else grid,
        considered=[
            _considered(e) for e in passed_over(said, matter, path, when)[:MOST_CONSIDERED]
        ],
    )


def _out(charge: Charge) -> ChargeOut:
    return ChargeOut.of(charge.charter, charge.pattern)


def _considered(each: Passed) -> Considered:
    return Considered.model_validate(each)


@router.get("/unled")
async def without_lead(
    request: Request, when: When,
    grid: Annotated[Ref | None, Query(description="on its ground; the whole district")] = None,
) -> list[UnledGround]:  # fmt: skip
    """Matters that nobody leads, by ground (as few and as large grids as can say it, from the
    top down), and whom they fall back to."""
    spans = (await index(request)).valid(when)
    paths = {span.data.grid: span.data for span in spans}
    below = [grid] if grid is not None else [g for g, data in paths.items() if data.parent is None]
    if any(each not in paths for each in below):
        raise NotFound(f"no grid {grid} was valid at {when.isoformat()}")
    known: Known = request.app.state.runtime.extras["known"]
    said = await known.read(["charter", "standard", "posting", "matter"])
    matters, charters = matters_at(said, when), charter_spans(said)
    found = [
        u for each in below for u in unled(matters, charters, list(paths.values()), each, when)
    ]
    posts, allowed = posts_at(said, when), admitted(said, when)
    return [
        UnledGround(
            grid=each.grid,
            level=paths[each.grid].level,
            matters=list(each.matters),
            falls_back_to=_answers(each, paths[each.grid].path, posts, allowed),
        )
        for each in found[:MOST_GROUNDS]
    ]


def _answers(
    found: Unled, path: tuple[str, ...], posts: dict[str, list[PostingStarted]],
    allowed: frozenset[str],
) -> AnswersFor | None:  # fmt: skip
    post = answers_for(found, path, posts, allowed)
    return AnswersFor.model_validate(post, from_attributes=True) if post is not None else None


@router.get("/{charter:path}")
async def one(
    request: Request, charter: Annotated[CharterId, Path(examples=[PROPOSAL["charter"]])]
) -> CharterFile:
    """All versions of an entry: their state, what they say, and who said what of them when."""
    aggregate = aggregate_of(charter)
    commits = await request.app.state.runtime.committer.commits.newer(aggregate, 0)
    if not commits:
        raise NotFound(f"there is no entry {aggregate}")
    found = versions(said_in(commits), clock.now())
    return CharterFile(
        charter=aggregate, versions=[CharterVersion.model_validate(each) for each in found]
    )
