"""The district's changes: who decided what, when and why, and whether all of it is applied."""

from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel

from registry.api.answers import MISSING, READ, REFUSALS
from registry.api.schemas import example
from registry.commands.change import APPLY, step_cause
from registry.domain.ledger import ledger_of
from registry.views.changes import Change, changes, done, things
from service_kit.errors import NotFound
from service_kit.runtime import Runtime

router = APIRouter(prefix="/changes", tags=["audit"], dependencies=READ, responses=REFUSALS)
MOST, MOST_STEPS = 200, 1000
Number = Annotated[int, Path(ge=1, le=10**9, examples=[1])]
_CHANGE = {
    "number": 7,
    "change": "change:0d5c",
    "kind": "split",
    "about": ["grid:410199001001101"],
    "steps": 3,
    "who": "operator-1",
    "on_behalf_of": None,
    "why": "decision 2026-31 of the district",
    "decided_at": "2026-01-08T01:00:00Z",
    "valid_from": "2026-06-01T00:00:00+08:00",
    "applied_at": "2026-01-08T01:00:01Z",
    "state": "applied",
}
_UNDER_WAY = {"number": 8, "kind": "load", "steps": 20243, "done": 5120}
_STEP = {"aggregate": "grid:410199001001101", "version": 2, "events": ["grid.retired.v1"]}


class ChangeBrief(BaseModel):
    """A change. ``state`` is open for as long as not every step of it is published."""

    number: int
    change: str
    kind: str
    about: list[str]
    steps: int
    who: str
    on_behalf_of: str | None
    why: str | None
    decided_at: datetime
    valid_from: datetime | None
    applied_at: datetime | None
    state: str


class StepOut(BaseModel):
    """What the change said of one thing: see ``/audit/{aggregate}`` at that version."""

    aggregate: str
    version: int
    events: list[str]


class UnderWay(BaseModel):
    """How many of a change's steps are published."""

    number: int
    kind: str
    steps: int
    done: int


class ChangeOut(ChangeBrief):
    """``things`` are the first thousand steps, as far as they are published."""

    digest: str
    things: list[StepOut]


@router.get("", responses={200: example([_CHANGE])})
async def several(
    request: Request,
    after: Annotated[int, Query(ge=0, le=10**9, description="number of the last one seen")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    newest: Annotated[bool, Query(description="the last ones, whatever `after` says")] = False,
) -> list[ChangeBrief]:
    """Changes in the order in which they were decided."""
    if newest:
        state = await request.app.state.runtime.extras["changes"].state()
        after = max(0, state.number - limit)
    return [_brief(each) for each in await _changes(request, after, limit)]


@router.get("/under-way", responses={200: example(_UNDER_WAY)})
async def under_way(request: Request) -> UnderWay | None:
    """The change that is being applied, and how far it has come; null where there is none.

    There is at most one: the next is decided when all of it is published.
    """
    runtime: Runtime = request.app.state.runtime
    state = await request.app.state.runtime.extras["changes"].state()
    found = await _changes(request, state.number - 1, 1) if state.open is not None else []
    if not found:
        return None
    decided = found[0].decided
    count = await done(
        runtime.committer.commits, APPLY, partial(step_cause, decided.change), decided.steps
    )
    return UnderWay(number=decided.number, kind=decided.kind, steps=decided.steps, done=count)


@router.get(
    "/{number}",
    responses=MISSING | {200: example({**_CHANGE, "digest": "0" * 64, "things": [_STEP]})},
)
async def one(request: Request, number: Number) -> ChangeOut:
    """A change with the things that it changed."""
    found = await _changes(request, number - 1, 1)
    if not found or found[0].decided.number != number:
        raise NotFound(f"there is no change no. {number}")
    decided = found[0].decided
    causes = [step_cause(decided.change, n) for n in range(min(decided.steps, MOST_STEPS))]
    rows = await things(request.app.state.runtime.committer.commits, APPLY, causes)
    return ChangeOut(
        **_brief(found[0]).model_dump(),
        digest=decided.digest,
        things=[StepOut(aggregate=a, version=v, events=types) for a, v, types in rows],
    )


async def _changes(request: Request, after: int, limit: int) -> list[Change]:
    runtime: Runtime = request.app.state.runtime
    ledger = ledger_of(runtime.settings.district)
    return await changes(runtime.committer.commits, ledger, after, limit)


def _brief(change: Change) -> ChangeBrief:
    decided, actor = change.decided, change.actor
    return ChangeBrief(
        number=decided.number, change=decided.change, kind=decided.kind,
        about=list(decided.about), steps=decided.steps, who=actor.id,
        on_behalf_of=actor.on_behalf_of, why=actor.purpose, decided_at=change.at,
        valid_from=decided.valid_from, applied_at=change.applied_at,
        state="applied" if change.applied_at else "open",
    )  # fmt: skip
