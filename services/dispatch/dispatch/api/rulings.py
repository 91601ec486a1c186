"""Returns and rulings (退回、裁定): giving a task back, the arbiters' queue, and their word."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field, model_validator

from case_contracts.values import Ref, Versioned
from dispatch.adapters.statements import statements_of
from dispatch.api.callers import Worker
from dispatch.api.doing import Body, Key, ReasonCode, Words
from dispatch.api.saying import say
from dispatch.commands.return_task import ReturnTask
from dispatch.commands.rule import Rule
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from dispatch.views import boundary, rulings, sight
from dispatch.views.boundary import Boundary
from dispatch.views.rulings import Made, Waiting
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime

MOST, MOST_CHARTERS = 200, 20
router = APIRouter(tags=["rulings"])
Arbiter = Annotated[Principal, Depends(needs("cases.arbitrate", "cases.verify", "cases.supervise"))]
Reader = Annotated[
    Principal,
    Depends(needs("cases.arbitrate", "cases.verify", "cases.supervise", "cases.read")),
]


class Returning(Body):
    """Why it is not theirs, as a code and perhaps in words, and which department should have it."""

    reason: ReasonCode
    proposed: Ref | None = None
    statement: Words | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"reason": "not_ours", "proposed": "water-affairs", "statement": "井盖属水务局。"}
            ]
        }
    )


class Lead(Body):
    """Who is responsible: a department, or a post by its posting."""

    department: Ref | None = None
    post: Ref | None = None

    @model_validator(mode="after")
    def _one(self) -> "Lead":
        if (self.department is None) == (self.post is None):
            raise ValueError("name a department or a post, one of the two")
        return self


class RulingIn(Body):
    """``charters`` are what the ruling rests on. With ``propose`` the registry makes a proposal for
    a charter of it, so that the question does not come again."""

    lead: Lead
    reason: ReasonCode
    statement: Words | None = None
    charters: Annotated[tuple[Versioned, ...], Field(max_length=MOST_CHARTERS)] = ()
    propose: bool = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lead": {"department": "water-affairs"},
                    "reason": "ground_of_its_charter",
                    "statement": "该路段排水井盖由水务局养护。",
                    "charters": [{"id": "charter:water-affairs:covers", "version": 1}],
                    "propose": True,
                }
            ]
        }
    )


@router.post("/cases/{case}/return")
async def give_back(
    request: Request, case: str, body: Returning, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """A post-holder returns the own task (退回), once in a case: the rules route it anew. The
    second return of a case, by whomever, goes to an arbiter. Departments send ``return``."""

    def command(statement: Ref | None) -> ReturnTask:
        return ReturnTask(caller.id, body.reason, body.proposed, statement)

    words = ("return", body.statement)
    return await say(request, case, "dispatch.return", words, command, caller, body, key)


@router.get("/rulings")
async def waiting(
    request: Request, caller: Arbiter, limit: Annotated[int, Query(ge=1, le=MOST)] = 50
) -> list[Waiting]:
    """What waits for the caller's ruling; with ``cases.arbitrate`` also where no arbiter could be
    named. Those for which a limit has run out come first, then by their limit."""
    runtime: Runtime = request.app.state.runtime
    sees = await sight.seen_by(runtime, caller)
    return await rulings.queue(runtime.database, caller, sees, limit)


@router.get("/cases/{case}/ruling")
async def evidence(request: Request, case: str, caller: Reader) -> Boundary:
    """The boundary evidence: the grid with its outline and those beside it as they were when the
    case was reported, the charters concerned, the returns with their reasons, and what was ruled
    before on the same matter and grid. The words of who returned it are for the arbiter and
    supervisors."""
    runtime: Runtime = request.app.state.runtime
    state = await sight.find(runtime, case, caller)
    returns, made = boundary.happened(await runtime.committer.commits.newer(case, 0))
    asked = state.ruling
    if asked is None and not made:
        raise NotFound(f"nobody has asked for a ruling in case {case}")
    refs = [each.statement for each in returns if each.statement is not None]
    words = await statements_of(request).read(refs) if _may_read(state, caller) else {}
    world: World = await runtime.load_world()
    named = asked.charters if asked is not None else made[-1].charters
    return Boundary(
        case=case,
        matter=state.matter,
        condition=state.condition,
        question=boundary.question_of(asked) if asked is not None else None,
        ground=boundary.ground_of(state, world),
        charters=boundary.entries(state, world, clock.now(), named),
        returns=[boundary.returned(each, words.get(each.statement or "")) for each in returns],
        made=[Made.model_validate(each.model_dump()) for each in made],
        earlier=await rulings.earlier(
            runtime.database, state, await sight.seen_by(runtime, caller)
        ),
    )


def _may_read(state: CaseState, caller: Principal) -> bool:
    """The arbiter, whoever may stand in where none is named, and supervisors."""
    arbiter = state.ruling.arbiter if state.ruling is not None else None
    if arbiter is None:
        return caller.may("cases.supervise") or caller.may("cases.arbitrate")
    return caller.may("cases.supervise") or arbiter.person == caller.id


@router.post("/cases/{case}/ruling")
async def make(
    request: Request, case: str, body: RulingIn, caller: Arbiter, key: Key = None
) -> dict[str, Any]:
    """The ruling (裁定): binding, and its task cannot be returned. By the arbiter; where none could
    be named, by anybody with ``cases.arbitrate``. Never by a party, or whom the case complains
    of."""

    def command(statement: Ref | None) -> Rule:
        lead = body.lead
        return Rule(
            person=caller.id,
            lead=lead.department or lead.post or "",
            post=lead.post is not None,
            reason=body.reason,
            statement=statement,
            charters=body.charters,
            propose=body.propose,
            standing_in=caller.may("cases.arbitrate"),
            acting_for=caller.department,
        )

    words = ("ruling", body.statement)
    return await say(request, case, "dispatch.rule", words, command, caller, body, key)
