"""Rounds: how often whom to visit, and who is due next (走访计划)."""

import uuid
from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Path, Query

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from case_contracts.events.intake import RoundPlanned
from case_contracts.values import Ref
from intake.api.round_schemas import (
    Due,
    DueRow,
    Ending,
    Progress,
    RoundEnding,
    RoundIn,
    RoundPut,
    due_row,
)
from intake.api.schemas import Answers
from intake.api.visit_access import Here, Overseer, Scene
from intake.commands.round_planning import EndRound, PlanRound, plan_round
from intake.domain.round import RoundState
from intake.domain.round_due import Standing, Target, by_urgency
from intake.domain.round_targets import ground, targets
from intake.views import visits
from intake.views.round_standings import standings, wanted_targets
from service_kit.auth import Principal
from service_kit.errors import Invalid, NotFound
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.store import Context, Decision, Work
from service_kit.store.commits import fold
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(tags=["rounds"])
MOST_TARGETS = 500
Planner = Annotated[Principal, Depends(needs("rounds.plan"))]
Reader = Annotated[Principal, Depends(needs("rounds.plan", "visits.read", "visits.write"))]
Round = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,60}$", examples=["monthly"])]
DryRun = Annotated[bool, Query(description="Say what would be; plan nothing")]
UNKNOWN: Answers = {404: {"description": "No such round"}}


@router.get("/rounds", responses={200: {"description": "All rounds, by id"}})
async def all_rounds(here: Here, caller: Reader) -> list[RoundPlanned]:
    """What is planned, with ends as decided last."""
    return await visits.rounds(here.runtime.database)


@router.get("/rounds/due")
async def due(
    here: Here, caller: Overseer, grid: Annotated[Ref, Query(examples=["410199001001"])],
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> Due:  # fmt: skip
    """Whom to visit next on a ground, for those in it or above it. Work to be done, in its order;
    it compares no persons."""
    here.check_above(caller.id, grid)
    rows = await due_rows(here, lambda target: grid in ground(target.grid, here.now,
                                                               here.world.grids))  # fmt: skip
    return Due(at=here.now, rows=rows[:limit])


@router.put("/rounds/{name}", responses={422: {"description": "Not valid; unknown_ground"}})
async def plan(
    here: Here, name: Round, body: RoundIn, caller: Planner, dry_run: DryRun = False
) -> RoundPut:
    """Plan a round, or plan it anew; the same again changes nothing."""
    _check_known(here, body)
    command = PlanRound(**{each: getattr(body, each) for each in RoundIn.model_fields})
    state = await _stands(here, name)
    if dry_run:
        said: Decision = plan_round(state, command, _context(here, caller))
    else:
        said = await _commit(here, caller, name, command)
        state = await _stands(here, name)
    after = next((each for each in said if isinstance(each, RoundPlanned)), state.plan)
    assert after is not None
    return RoundPut(
        round=after,
        changed=bool(said),
        dry_run=dry_run,
        targets=len(targets(after, here.now, here.field, here.world.grids)),
    )


@router.post("/rounds/{name}/end", responses=UNKNOWN)
async def end(here: Here, name: Round, body: Ending, caller: Planner) -> RoundEnding:
    """A round ends; ended so already, nothing changes."""
    said = await _commit(here, caller, name, EndRound(body.valid_to))
    return RoundEnding(round=_id(name), valid_to=body.valid_to, changed=bool(said))


@router.get("/rounds/{name}/progress", responses=UNKNOWN)
async def progress(
    here: Here, name: Round,
    caller: Annotated[Principal, Depends(needs("rounds.plan", "visits.read"))],
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[str, Query(max_length=160, description="The cursor of the page before")] = "",
) -> Progress:  # fmt: skip
    """Per group or grid: visits asked for, made and missing in the present period. A planner sees
    all; others those of grids in which, or above which, they have a post."""
    planned = (await _stands(here, name)).plan
    if planned is None:
        raise NotFound("no such round is planned")
    all_of_it = caller.may("rounds.plan")

    def wanted(target: Target) -> bool:
        return target.id > after and (all_of_it or here.stands_above(caller.id, target.grid))

    found = wanted_targets(planned, here.now, here.field, here.world.grids, wanted)
    page, zone = found[:limit], _zone(here)
    stand = await standings(here.runtime.database, planned, here.now, zone, page)
    return Progress(
        round=planned.round,
        at=here.now,
        rows=[due_row(planned, each, here.now) for each in stand],
        cursor=page[-1].id if len(found) > limit else None,
    )


async def due_rows(here: Scene, wanted: Callable[[Target], bool]) -> list[DueRow]:
    """Of all rounds that run now the targets that are wanted, the most overdue first; raises
    Invalid ``too_many`` where they are more than one looks through at once."""
    found: list[tuple[RoundPlanned, Standing]] = []
    count = 0
    for planned in await visits.rounds(here.runtime.database):
        mine = wanted_targets(planned, here.now, here.field, here.world.grids, wanted)
        count += len(mine)
        if count > MOST_TARGETS:
            raise Invalid(
                f"more than {MOST_TARGETS} groups and grids are to be visited there: ask for a"
                " grid further down, or for the progress of one round, page by page",
                code="too_many",
            )
        stand = await standings(here.runtime.database, planned, here.now, _zone(here), mine)
        found += [(planned, each) for each in stand]
    plans = {planned.round: planned for planned, _ in found}
    ordered = by_urgency(each for _, each in found)
    return [due_row(plans[each.round], each, here.now) for each in ordered]


def _id(name: str) -> str:
    return f"round:{name}"


async def _stands(here: Scene, name: str) -> RoundState:
    """The round with all that was committed: a view can lag."""
    committer, key = here.runtime.committer, _id(name)
    kind = committer.aggregate_of(key)
    loaded = (await committer.views.load(kind, [key]))[key]
    fold(kind, loaded, await committer.commits.newer(key, loaded.version))
    state: RoundState = loaded.state
    return state


def _zone(here: Scene) -> ZoneInfo:
    return ZoneInfo(here.district.zone)


def _check_known(here: Scene, body: RoundIn) -> None:
    """Raises Invalid ``unknown_ground``."""
    at = max(here.now, body.valid_from)
    unknown = [grid for grid in body.grids if not here.world.grids.known(grid, at)]
    unknown += [group for group in body.groups if here.field.groups.at(group, at) is None]
    if unknown:
        raise Invalid(
            f"not known at {at.isoformat()}: {', '.join(unknown[:5])}", code="unknown_ground"
        )


def _context(here: Scene, caller: Principal) -> Context:
    return Context(here.now, str, here.world, "dry-run", "dry-run", caller.actor())


async def _commit(
    here: Scene, caller: Principal, name: str, command: PlanRound | EndRound
) -> list[EventData]:
    outcome = await here.runtime.committer.submit(
        Work(
            aggregate=_id(name),
            handler="intake.plan-round",
            cause=derived("round", name, uuid.uuid4().hex),
            command=command,
            actor=caller.actor(),
            traceparent=current_traceparent(),
        )
    )
    return [parse(each.type, each.data) for each in outcome.events]
