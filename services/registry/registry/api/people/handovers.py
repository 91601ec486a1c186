"""Hand-overs of a post (工作交割单), and what is open in whose hands."""

import asyncio
import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request

from case_contracts.district import ChangeResult
from case_contracts.events.registry import HandoverRecorded
from case_contracts.values import Ref
from registry.api.answers import MISSING, READ, REFUSALS, Writer
from registry.api.changing import DryRun, Key, change, planned_of
from registry.api.people.schemas import HandoverIn
from registry.api.schemas import example
from registry.commands.change import Planned
from registry.domain.people.handing_over import Handing, handed
from registry.domain.plan import plan_part
from registry.views import open_work, people
from registry.views.known import Known
from registry.views.open_work import OpenWork
from service_kit import clock, ids
from service_kit.errors import NotFound
from service_kit.runtime import Runtime

router = APIRouter(tags=["people"], responses=REFUSALS)
Person = Annotated[Ref, Query(examples=["p-000123"])]
_WORK = {
    "case": "case:0197",
    "kind": "task",
    "posting": "posting:410199001001001:worker:1",
    "grid": "410199001001001",
    "since": "2026-01-05T09:12:30+08:00",
    "due_at": "2026-01-05T11:12:30+08:00",
}


@router.post("/handovers", responses=MISSING)
async def hand_over(
    request: Request, body: HandoverIn, caller: Writer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """A post goes to somebody else, with the same role, grid, answer and shifts; the slip lists
    the cases that are open in the first one's hands. Dispatch hands them on when it is time."""
    number = ids.derived("handover", caller.id, key or str(uuid.uuid4()))

    async def plans() -> Planned:
        return await _planned(request.app.state.runtime, body, number)

    return await change(request, caller, body, plans, kind="hand-over",
                        about=[body.from_posting, body.to_person], purpose=body.reason, key=key,
                        dry_run=dry_run)  # fmt: skip


async def _planned(runtime: Runtime, body: HandoverIn, number: str) -> Planned:
    known: Known = runtime.extras["known"]
    published, now = await known.read(), clock.now()
    wanted = Handing(number, body.from_posting, body.to_person, body.valid_from or now)
    found = handed(wanted, published, now)
    works = await open_work.of(runtime.database, found.old.person)
    district = runtime.settings.district
    plan = await asyncio.to_thread(plan_part, found.part, published, district)
    cases = [work.case for work in works if work.posting == found.old.posting]
    plan.steps.append(found.record(cases))
    return planned_of(plan)


@router.get("/handovers", dependencies=READ, responses={200: example([HandoverRecorded.EXAMPLE])})
async def handovers(request: Request, person: Person) -> list[HandoverRecorded]:
    """What a person handed over or took over, in order of time."""
    return await people.handovers(request.app.state.runtime.database, {"persons": person})


@router.get(
    "/handovers/{handover:path}",
    dependencies=READ,
    responses=MISSING | {200: example(HandoverRecorded.EXAMPLE)},
)
async def one(request: Request, handover: Ref) -> HandoverRecorded:
    """The slip of one hand-over."""
    name = handover if handover.startswith("handover:") else f"handover:{handover}"
    found = await people.handovers(request.app.state.runtime.database, {"_id": name})
    if not found:
        raise NotFound(f"there is no {name}")
    return found[0]


@router.get("/open-work", dependencies=READ, responses={200: example([_WORK])})
async def open_now(request: Request, person: Person) -> list[OpenWork]:
    """The cases in a person's hands, the oldest first: tasks, verifications, and cases that wait
    for their place. As far as dispatch's events have come, usually a fraction of a second."""
    return await open_work.of(request.app.state.runtime.database, person)
