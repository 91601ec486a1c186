"""Admission (准入): a department proposes a matter, two others review it, it can be withdrawn."""

from collections.abc import Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import BaseModel

from case_contracts.district import ChangeResult
from case_contracts.events.registry import MatterProposed
from case_contracts.values import MatterCode, Ref
from registry.api.answers import MISSING, READ, REFUSALS
from registry.api.changing import CHANGED, DryRun, Key, planned, refused
from registry.api.rules.admission_schemas import (
    PROPOSED,
    ProposalIn,
    ProposalOut,
    ReviewIn,
    ReviewOut,
    WithdrawalIn,
)
from registry.api.rules.shared import (
    Proposer,
    change_planned,
    conflict,
    department_of,
    known,
    person_of,
)
from registry.api.schemas import example
from registry.commands.change import Planned
from registry.domain import admitting
from registry.domain.admitted import names_of_matters
from registry.domain.admitting import KINDS_NEEDED, Found
from registry.domain.plan import Published
from registry.domain.proposals import proposals
from registry.domain.step import Step
from service_kit import clock, ids
from service_kit.auth import Principal
from service_kit.http.access import needs

router = APIRouter(prefix="/admissions", tags=["admissions"], responses=REFUSALS)
Approver = Annotated[Principal, Depends(needs("registry.approve"))]
Withdrawer = Annotated[Principal, Depends(needs("registry.approve", "registry.write"))]
Matter = Annotated[MatterCode, Path(examples=["event/appearance/litter"])]
State = Literal["open", "admitted", "refused", "lapsed"]


@router.post("", responses=CHANGED | conflict("`proposed_already` or `admitted_already`"))
async def propose(
    request: Request, body: ProposalIn, caller: Proposer, key: Key = None, dry_run: DryRun = False
) -> ChangeResult:
    """Propose that grid workers may be sent a matter: for good or until `valid_to`, from
    `valid_from` or its admission on. Two people review it; an urgent temporary one, a single."""
    department, person = department_of(caller, body.department), person_of(caller)

    def plan(published: Published) -> Found:
        said = published.get(f"matter:{body.matter}", ())
        wanted = MatterProposed(
            matter=body.matter,
            proposal=f"proposal:{ids.derived(body.matter, str(len(said)))}",
            department=department,
            proposed_by=person,
            urgent=body.urgent,
            valid_from=body.valid_from,
            valid_to=body.valid_to,
        )
        return admitting.propose(wanted, published, clock.now())

    return await _change(request, caller, body, plan, body.matter, body.reason, key, dry_run)


@router.get("/proposals", dependencies=READ, responses={200: example([PROPOSED])})
async def proposed(
    request: Request,
    state: State | None = None,
    department: Annotated[Ref | None, Query(examples=["urban-management"])] = None,
) -> list[ProposalOut]:
    """What was proposed, by matter; each with its reviews and how it stands."""
    now = clock.now()
    published = await known(request).read(("standard", "matter"))
    names = names_of_matters(published, now)
    return [
        ProposalOut(
            **each.data.model_dump(),
            name=names[each.data.matter],
            state=each.state(now),
            needed=each.needed,
            reviews=[ReviewOut.model_validate(review) for review in each.reviews],
        )
        for aggregate, said in sorted(published.items())
        if aggregate.startswith("matter:")
        for each in proposals(said)
        if state in (None, each.state(now)) and department in (None, each.data.department)
    ]


@router.post(
    "/{matter:path}/review",
    responses=CHANGED
    | MISSING
    | conflict("`own_proposal`, `reviewed_already` or `decided_already`"),
)
async def review(
    request: Request, matter: Matter, body: ReviewIn, caller: Approver, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """Admit or refuse a proposed matter. The second person who admits it (of an urgent one the
    first) brings it into force in the same step; one refusal ends the proposal."""
    person = person_of(caller)

    def plan(published: Published) -> Found:
        said = published.get(f"matter:{matter}", ())
        return admitting.review(said, body.proposal, person, body.verdict, clock.now())

    return await _change(request, caller, body, plan, matter, body.reason, key, dry_run)


@router.post(
    "/{matter:path}/withdrawal",
    responses=CHANGED | MISSING | conflict("`in_the_past` or `ended_already`"),
)
async def withdraw(
    request: Request, matter: Matter, body: WithdrawalIn, caller: Withdrawer, key: Key = None,
    dry_run: DryRun = False,
) -> ChangeResult:  # fmt: skip
    """Grid workers may no longer be sent it, at once or from `valid_to` on. It can be proposed
    again."""

    def plan(published: Published) -> Found:
        said = published.get(f"matter:{matter}", ())
        return admitting.withdrawal(matter, said, body.valid_to, clock.now())

    return await _change(request, caller, body, plan, matter, body.reason, key, dry_run)


async def _change(
    request: Request, caller: Principal, body: BaseModel, plan: Callable[[Published], Found],
    matter: str, purpose: str | None, key: str | None, dry_run: bool,
) -> ChangeResult:  # fmt: skip
    aggregate = f"matter:{matter}"

    def whole(published: Published) -> Planned:
        found = plan(published)
        if found.errors:
            raise refused(found.errors)
        return planned([Step(aggregate, found.events)] if found.events else [])

    return await change_planned(
        request, caller, body, whole, kinds=KINDS_NEEDED, kind="admission", about=[aggregate],
        purpose=purpose, key=key, dry_run=dry_run,
    )  # fmt: skip
