"""Lists of cases with filters, and the desk of a level."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel

from dispatch.api.callers import Reader, Worker
from dispatch.api.wanted import Asked, cursor_of, place_at
from dispatch.domain import looked_up
from dispatch.domain.world import World
from dispatch.views import board, lists, sight
from dispatch.views.listed import Listed
from service_kit import clock
from service_kit.auth import Principal
from service_kit.runtime import Runtime

router = APIRouter(prefix="/cases", tags=["lists"])
MAX_PAGE = 200
Part = Literal["waiting", "late", "came_up"]


class Page(BaseModel):
    """Cases, the newest first; ``cursor`` is given back as ``after`` for the next page."""

    cases: list[Listed]
    cursor: str | None


class DeskOut(BaseModel):
    """A post-holder's desk: ``waiting`` for a word of theirs, ``late`` in the grids below, and
    what ``came_up`` to their level. Each is cut at ``limit``, and empty where it was not asked
    for; ``counts`` say of each how many there are in all."""

    grids: list[str]
    waiting: list[Listed]
    late: list[Listed]
    came_up: list[Listed]
    counts: dict[str, int]


@router.get("/list")
async def list_cases(
    request: Request,
    caller: Reader,
    asked: Annotated[Asked, Depends()],
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    after: Annotated[str | None, Query(max_length=300)] = None,
) -> Page:
    """Cases by grid subtree, department, post-holder, matter, state, limit and time."""
    runtime: Runtime = request.app.state.runtime
    wanted = asked.wanted(await runtime.load_world())
    sees = await sight.seen_by(runtime, caller)
    found, place = await lists.page(runtime, wanted, sees, place_at(after), limit)
    return Page(cases=found, cursor=cursor_of(place))


@router.get("/desk")
async def show_desk(
    request: Request,
    caller: Worker,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    of: Annotated[list[Part], Query(max_length=3, description="only these; left out: all")] = [],  # noqa: B006 - FastAPI copies it
) -> DeskOut:
    """What waits for the caller, what is late below them, and what came up from below: in the grids
    that they answer for, and for supervisors in those of their posts."""
    runtime: Runtime = request.app.state.runtime
    world: World = await runtime.load_world()
    sees = await sight.seen_by(runtime, caller)
    grids = watched_by(world, caller)
    words = {
        "waiting": [looked_up.at_desk(desk) for desk in desks_of(caller.id, grids)],
        "late": [looked_up.late_in(grid) for grid in grids],
        "came_up": [looked_up.come_up_to(grid) for grid in grids],
    }
    known = await board.entries(runtime)
    shown: dict[str, list[Listed]] = {}
    counts: dict[str, int] = {}
    for name, keys in words.items():
        most = limit if name in of or not of else 0
        shown[name], counts[name] = lists.needing(known, keys, sees, most)
    return DeskOut(grids=grids, counts=counts, **shown)


def answered_for(world: World, person: str) -> list[str]:
    """The grids that somebody answers for now."""
    posts = world.postings.of(person, clock.now())
    return sorted({post.grid for post in posts if post.accountable})


def watched_by(world: World, caller: Principal) -> list[str]:
    """Those of a supervisor's desk: the grids of their posts, whether they answer for them or watch
    over whoever does; of others, the grids that they answer for."""
    if not caller.may("cases.supervise"):
        return answered_for(world, caller.id)
    return sorted({post.grid for post in world.postings.of(caller.id, clock.now())})


def desks_of(person: str, grids: list[str]) -> list[str]:
    """The person's own, and those of the grids that they answer for."""
    kinds = ("supervisor", "arbiter", "reopening", "answers", "approver")
    return [f"person:{person}", *(f"{kind}:{grid}" for kind in kinds for grid in grids)]
