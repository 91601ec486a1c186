"""Searching in what was written on cases: only in those that one may act on, with a purpose."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from dispatch.adapters.statements import statements_of
from dispatch.api.callers import Worker
from dispatch.api.doing import Body
from dispatch.api.lists import answered_for, desks_of
from dispatch.domain import looked_up
from dispatch.domain.world import World
from dispatch.views import board, lists, sight
from dispatch.views.listed import Listed
from service_kit.runtime import Runtime
from service_kit.vault.audit import note_many

router = APIRouter(prefix="/cases", tags=["search"])
MOST_CASES, MOST_FOUND = 500, 50


class Search(Body):
    """Words, and what one wants to know it for; both are sent in the body, so that no log has
    them."""

    words: Annotated[str, Field(min_length=2, max_length=100)]
    purpose: Annotated[str, Field(min_length=3, max_length=60, pattern=r"^[a-z0-9_-]+$")]


class Found(BaseModel):
    """Cases in whose statements the words stand. ``searched`` were looked at; there may be more
    than that (``complete`` false)."""

    cases: list[Listed]
    searched: int
    complete: bool


@router.post("/search")
async def search(request: Request, body: Search, caller: Worker) -> Found:
    """Cases that wait for the caller, or lie in the grids below, in whose statements it stands.
    Who searched in which of them what for is noted before anything is read."""
    runtime: Runtime = request.app.state.runtime
    world: World = await runtime.load_world()
    sees = await sight.seen_by(runtime, caller)
    grids = answered_for(world, caller.id)
    words = [looked_up.at_desk(desk) for desk in desks_of(caller.id, grids)]
    words += [each for grid in grids for each in (looked_up.late_in(grid),
                                                  looked_up.come_up_to(grid))]  # fmt: skip
    known = await board.entries(runtime)
    looked_at, count = lists.needing(known, words, sees, MOST_CASES)
    subjects = [each.case for each in looked_at]
    if subjects:
        await note_many(runtime.database, caller, "search", subjects, body.purpose)
    said = await statements_of(request).containing(subjects, body.words)
    found = [each for each in looked_at if each.case in said]
    return Found(
        cases=found[:MOST_FOUND],
        searched=len(looked_at),
        complete=count <= MOST_CASES and len(found) <= MOST_FOUND,
    )
