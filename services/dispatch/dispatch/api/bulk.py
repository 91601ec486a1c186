"""One thing done to many cases, each by itself, with a dry run."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.values import Limit, Ref
from dispatch.api.callers import Supervisor
from dispatch.api.doing import Body, Key, ReasonCode, submit
from dispatch.commands.aggregate import CaseAggregate
from dispatch.commands.extend import Extend
from dispatch.commands.merge import Merge
from dispatch.commands.reassign import Reassign
from dispatch.commands.supervise import Press
from dispatch.domain.state import CaseState
from dispatch.views import sight
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import CivicError
from service_kit.runtime import Runtime
from service_kit.store import Context, Occurred

router = APIRouter(prefix="/cases", tags=["bulk"])
MOST, AT_ONCE = 500, 50
Outcome = Literal["done", "would_be_done", "unchanged", "refused", "failed"]


class Bulk(Body):
    """What is done to which cases. ``assign`` gives the task anew (to ``department`` or ``post``,
    else by the rules), ``press`` presses the handler, ``extend`` gives ``limit`` more time,
    ``link`` closes as linked to the case ``into``."""

    action: Literal["assign", "press", "extend", "link"]
    cases: Annotated[tuple[Ref, ...], Field(min_length=1, max_length=MOST)]
    reason: ReasonCode
    dry_run: bool = False
    department: Ref | None = None
    post: Ref | None = None
    limit: Limit | None = None
    into: Ref | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "action": "extend",
                    "cases": ["case:1"],
                    "reason": "storm",
                    "limit": {"amount": 1, "unit": "working_days"},
                    "dry_run": True,
                }
            ]
        }
    )

    @model_validator(mode="after")
    def _complete(self) -> "Bulk":
        if (self.limit is None) != (self.action != "extend"):
            raise ValueError("limit belongs to extend, and extend needs it")
        if (self.into is None) != (self.action != "link"):
            raise ValueError("into belongs to link, and link needs it")
        if (self.department or self.post) and self.action != "assign":
            raise ValueError("department and post belong to assign")
        return self


class Item(BaseModel):
    """What came of one case: ``code`` and ``detail`` where it was refused or failed; what failed
    may be sent again."""

    case: str
    outcome: Outcome
    code: str | None = None
    detail: str | None = None
    events: list[str] = []


class BulkOut(BaseModel):
    """Each case in the order in which it was sent, and how many came out how."""

    dry_run: bool
    counts: dict[str, int]
    items: list[Item]


@router.post("/bulk")
async def bulk(request: Request, body: Bulk, caller: Supervisor, key: Key = None) -> BulkOut:
    """Do it to each; one that is refused does not keep the others back. With an Idempotency-Key
    the same request sent again does nothing twice."""
    runtime: Runtime = request.app.state.runtime
    command = await _command(runtime, body, caller)
    one = _try if body.dry_run else _do
    named = key or str(uuid.uuid4())
    wanted, items = list(dict.fromkeys(body.cases)), []
    for first in range(0, len(wanted), AT_ONCE):
        page = wanted[first : first + AT_ONCE]
        items += await asyncio.gather(
            *(_each(one, runtime, case, command, caller, body, named) for case in page)
        )
    counts: dict[str, int] = {}
    for item in items:
        counts[item.outcome] = counts.get(item.outcome, 0) + 1
    return BulkOut(dry_run=body.dry_run, counts=counts, items=items)


async def _command(runtime: Runtime, body: Bulk, caller: Principal) -> Any:
    if body.action == "assign":
        return Reassign(caller.id, body.reason, body.department, body.post)
    if body.action == "press":
        return Press(caller.id, body.reason)
    if body.limit is not None:
        return Extend(caller.id, body.reason, body.limit)
    assert body.into is not None
    into = await sight.find(runtime, body.into, caller)
    return Merge(caller.id, into.case, into.is_open)


One = Callable[[Runtime, CaseState, Any, Principal, Bulk, str], Any]


async def _each(
    one: One, runtime: Runtime, case: str, command: Any, caller: Principal, body: Bulk, key: str
) -> Item:
    try:
        state = await sight.find(runtime, case, caller)
        outcome, events = await one(runtime, state, command, caller, body, key)
        return Item(case=case, outcome=outcome, events=events)
    except CivicError as error:
        away: Outcome = "failed" if error.retry else "refused"
        return Item(case=case, outcome=away, code=error.code, detail=error.detail or None)


async def _try(
    runtime: Runtime, state: CaseState, command: Any, caller: Principal, body: Bulk, key: str
) -> tuple[Outcome, list[str]]:
    """Decided on what stands now, and not committed."""
    context = Context(
        clock.now(), lambda noun: f"{noun}:dry-run", await runtime.load_world(), key, key,
        caller.actor(),
    )  # fmt: skip
    decided = CaseAggregate().decide(state, command, context)
    happened = [each.data if isinstance(each, Occurred) else each for each in decided]
    names = [event.SPEC.name for event in happened]
    return ("would_be_done" if names else "unchanged"), names


async def _do(
    runtime: Runtime, state: CaseState, command: Any, caller: Principal, body: Bulk, key: str
) -> tuple[Outcome, list[str]]:
    """The key is each case's own: it may be among other cases the next time."""
    handler, alone = f"dispatch.bulk-{body.action}", body.model_copy(update={"cases": ()})
    done = await submit(runtime, state.case, handler, command, caller, alone, key)
    names = [event.type.rsplit(".v", 1)[0] for event in done.commit.events]
    return ("done" if names else "unchanged"), names
