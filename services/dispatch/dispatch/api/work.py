"""What people do with cases: complete, verify, reassign, place."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from pydantic import BaseModel, ConfigDict, Field

from case_contracts.values import Ref
from dispatch.commands.complete_task import CompleteTask
from dispatch.commands.decide_reopening import DecideReopening
from dispatch.commands.place_case import PlaceCase
from dispatch.commands.reassign import Reassign
from dispatch.commands.verify import Verify
from dispatch.views import cases, sight
from service_kit.auth import Principal
from service_kit.http.access import needs
from service_kit.ids import derived
from service_kit.store import Work

router = APIRouter(prefix="/cases/{case}", tags=["work"])
Verifier = Annotated[Principal, Depends(needs("cases.verify", "cases.supervise"))]
Supervisor = Annotated[Principal, Depends(needs("cases.supervise"))]
Placer = Annotated[Principal, Depends(needs("cases.place", "cases.supervise"))]
Key = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
ReasonCode = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,60}$")]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Completion(_Body):
    """The work is done; references to what shows it."""

    taskid: Ref
    evidence: Annotated[list[Ref], Field(max_length=20)] = []


class Verification(_Body):
    """Whether the work meets the closing condition."""

    passed: bool
    reason: ReasonCode = "not_done"
    evidence: Annotated[list[Ref], Field(max_length=20)] = []


class Assignment(_Body):
    """Why the task is given anew."""

    reason: ReasonCode = "lapsed"


class Place(_Body):
    grid: Ref


class Reopening(_Body):
    """Whether a case that reporters object to again is opened once more, and why."""

    reopen: bool
    reason: ReasonCode = "not_done"


@router.post("/completion")
async def complete(
    request: Request, case: str, body: Completion, caller: Verifier, key: Key = None
) -> dict[str, Any]:
    """A post-holder completes the task that fell to the grid."""
    command = CompleteTask(caller.id, body.taskid, tuple(body.evidence))
    return await _do(request, case, "dispatch.complete", command, caller, body, key)


@router.post("/verification")
async def verify(
    request: Request, case: str, body: Verification, caller: Verifier, key: Key = None
) -> dict[str, Any]:
    """The verifier's word: passed closes the case, failed sends it back."""
    command = Verify(
        caller.id, body.passed, body.reason, tuple(body.evidence), caller.may("cases.supervise")
    )
    return await _do(request, case, "dispatch.verify", command, caller, body, key)


@router.post("/assignment")
async def assign(
    request: Request, case: str, body: Assignment, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """A supervisor gives the task anew to whoever is responsible now."""
    command = Reassign(caller.id, body.reason)
    return await _do(request, case, "dispatch.reassign", command, caller, body, key)


@router.post("/place")
async def place(
    request: Request, case: str, body: Place, caller: Placer, key: Key = None
) -> dict[str, Any]:
    """Say in which grid an unlocated case lies."""
    command = PlaceCase(caller.id, body.grid)
    return await _do(request, case, "dispatch.place", command, caller, body, key)


@router.post("/reopening")
async def decide_reopening(
    request: Request, case: str, body: Reopening, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """Decide for a higher level whether the case is opened once more; its word is the last on
    this closing. Those that wait are at the desk ``reopening:<root grid>``."""
    command = DecideReopening(caller.id, body.reopen, body.reason)
    return await _do(request, case, "dispatch.decide-reopening", command, caller, body, key)


async def _do(
    request: Request, case: str, handler: str, command: Any, caller: Principal,
    body: BaseModel, key: str | None,
) -> dict[str, Any]:  # fmt: skip
    """Submit, and answer with the case as it is then."""
    runtime = request.app.state.runtime
    await sight.find(runtime, case, caller)
    cause = derived(caller.id, handler, case, key) if key else str(uuid.uuid4())
    await runtime.committer.submit(
        Work(
            aggregate=case,
            handler=handler,
            cause=cause,
            command=command,
            actor=caller.actor(),
            body_hash=derived(body.model_dump_json()) if key else None,
        )
    )
    return (await cases.find(runtime.database, case)).model_dump(mode="json")
