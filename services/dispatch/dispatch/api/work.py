"""What people do with cases: complete, verify, reassign, place."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field, model_validator

from case_contracts.values import Ref
from dispatch.api.callers import Supervisor, Worker
from dispatch.api.doing import Body, Key, ReasonCode, Words, do
from dispatch.api.saying import say
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.verify import Verify
from service_kit.auth import Principal
from service_kit.http.access import needs

router = APIRouter(prefix="/cases/{case}", tags=["work"])
Placer = Annotated[Principal, Depends(needs("cases.place", "cases.supervise"))]


class Completion(Body):
    """The work is done; references to what shows it, and words proposed for the reporters."""

    taskid: Ref
    evidence: Annotated[tuple[Ref, ...], Field(max_length=20)] = ()
    answer: Words | None = None


class Verification(Body):
    """Whether the work meets the closing condition. Where that asks for evidence: references of
    one's own to what shows it after the work, or ``confirms`` for what the handler referred to."""

    passed: bool
    reason: ReasonCode = "not_done"
    evidence: Annotated[tuple[Ref, ...], Field(max_length=20)] = ()
    confirms: bool = False


class Assignment(Body):
    """Why the task is given anew; to the ``department`` or the ``post`` that is named, which must
    be entitled to it, else to whom the rules give it."""

    reason: ReasonCode = "lapsed"
    department: Ref | None = None
    post: Ref | None = None

    @model_validator(mode="after")
    def one(self) -> "Assignment":
        if self.department is not None and self.post is not None:
            raise ValueError("name a department or a post, not both")
        return self


class Place(Body):
    grid: Ref


class Reopening(Body):
    """Whether a case that reporters object to again is opened once more, and why."""

    reopen: bool
    reason: ReasonCode = "not_done"


@router.post("/completion")
async def complete(
    request: Request, case: str, body: Completion, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """A post-holder completes the task that fell to the grid. The answer that is proposed is given
    to the reporters when a verifier has passed the work."""

    def command(statement: Ref | None) -> CompleteTask:
        return CompleteTask(caller.id, body.taskid, body.evidence, statement)

    words = ("answer", body.answer)
    return await say(request, case, "dispatch.complete", words, command, caller, body, key)


@router.post("/verification")
async def verify(
    request: Request, case: str, body: Verification, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """The verifier's word: passed closes the case, failed sends it back."""
    command = Verify(
        caller.id,
        body.passed,
        body.reason,
        body.evidence,
        caller.may("cases.supervise"),
        body.confirms,
    )
    return await do(request, case, "dispatch.verify", command, caller, body, key)


@router.post("/assignment")
async def assign(
    request: Request, case: str, body: Assignment, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """A supervisor gives the task anew, to whoever is responsible now or is named (转办)."""
    command = Reassign(caller.id, body.reason, body.department, body.post)
    return await do(request, case, "dispatch.reassign", command, caller, body, key)


@router.post("/place")
async def place(
    request: Request, case: str, body: Place, caller: Placer, key: Key = None
) -> dict[str, Any]:
    """Say in which grid an unlocated case lies."""
    command = PlaceCase(caller.id, body.grid)
    return await do(request, case, "dispatch.place", command, caller, body, key)


@router.post("/reopening")
async def decide_reopening(
    request: Request, case: str, body: Reopening, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """Decide for a higher level whether the case is opened once more; its word is the last on
    this closing. Those that wait are at the desk ``reopening:<root grid>``."""
    command = DecideReopening(caller.id, body.reopen, body.reason)
    return await do(request, case, "dispatch.decide-reopening", command, caller, body, key)
