"""From a request to a change: planned, or made; refused with everything that is wrong."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Query, Request
from pydantic import BaseModel

from case_contracts.district import ChangeResult, DistrictError, DistrictPart, Said
from registry.api.schemas import DistrictProblem
from registry.commands.change import Changes, Planned, Wanted
from registry.domain.kinds import KINDS
from registry.domain.plan import Plan, Published, plan_part
from registry.domain.step import Step
from registry.domain.validation.ground import Checks
from registry.views.known import Known
from service_kit import clock, ids
from service_kit.auth import Principal
from service_kit.errors import Invalid
from service_kit.runtime import Runtime
from service_kit.telemetry.tracing import current_traceparent

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="sent again with the same body, it gets the same answer",
    ),
]
DryRun = Annotated[bool, Query(description="only say what would be published")]
CHANGED: dict[int | str, dict[str, Any]] = {
    422: {"model": DistrictProblem, "description": "`change_invalid`: nothing was applied"},
}
MOST_THINGS = 1000
Plans = Callable[[], Awaitable[Planned]]


async def change(
    request: Request, caller: Principal, body: BaseModel, plans: Plans, *, kind: str,
    about: Iterable[str], purpose: str | None, key: str | None, dry_run: bool,
) -> ChangeResult:  # fmt: skip
    """Make the change, or with ``dry_run`` say what it would publish."""
    runtime: Runtime = request.app.state.runtime
    changes: Changes = runtime.extras["changes"]
    wanted = Wanted(
        kind=kind,
        about=tuple(about),
        cause=ids.derived(caller.id, request.url.path, key or str(uuid.uuid4())),
        actor=caller.actor(purpose),
        plan=plans,
        body_hash=ids.derived(body.model_dump_json()),
        traceparent=current_traceparent(),
    )
    answer = await (changes.preview(wanted) if dry_run else changes.make(wanted))
    return ChangeResult.model_validate(answer).model_copy(update={"dry_run": dry_run})


async def change_part(
    request: Request, caller: Principal, body: BaseModel,
    make: Callable[[Published], DistrictPart], *, kinds: Iterable[str] = tuple(KINDS),
    **more: Any,
) -> ChangeResult:  # fmt: skip
    """A change that comes to some things being as wanted: ``make`` says which, from what stands
    of ``kinds`` (all that the things belong and refer to)."""
    runtime: Runtime = request.app.state.runtime
    known: Known = runtime.extras["known"]

    async def plans() -> Planned:
        published = await known.read(kinds)
        checks: Checks = runtime.extras["checks"]
        return await asyncio.to_thread(_plan, make, published, runtime.settings.district, checks)

    return await change(request, caller, body, plans, **more)


def _plan(
    make: Callable[[Published], DistrictPart], published: Published, district: str, checks: Checks
) -> Planned:
    return planned_of(plan_part(make(published), published, district, checks))


def planned_of(found: Plan) -> Planned:
    """Raises Invalid with every error, if there is one."""
    if found.errors:
        raise refused(found.errors, found.warnings)
    return planned(found.steps, found.warnings)


def planned(steps: Sequence[Step], warnings: Sequence[DistrictError] = ()) -> Planned:
    """Steps with the answer that goes with them."""
    begins = [since for step in steps if (since := _since(step)) is not None]
    result = ChangeResult(
        dry_run=False,
        published=Plan(steps=list(steps)).published,
        things=[_said(step) for step in steps[:MOST_THINGS]],
        warnings=list(warnings),
        at=clock.now(),
    )
    return Planned(steps, result.model_dump(mode="json"), max(begins, default=None))


def _since(step: Step) -> datetime | None:
    """From when on it holds, or holds no longer."""
    last = step.events[-1]
    since: datetime | None = getattr(last, "valid_from", None) or getattr(last, "valid_to", None)
    return since


def _said(step: Step) -> Said:
    return Said(
        aggregate=step.aggregate,
        events=[e.SPEC.type for e in step.events],
        valid_from=_since(step),
        version=getattr(step.events[-1], "version", None),
    )


def refused(
    errors: Sequence[DistrictError], warnings: Sequence[DistrictError] = (),
    code: str = "change_invalid", what: str = "the change",
) -> Invalid:  # fmt: skip
    """Nothing was applied, and why: every error with its place."""
    count = len(errors)
    return Invalid(
        f"{what} has {count} error{'s' if count > 1 else ''}; nothing of it was applied",
        code=code,
        errors=shown(errors),
        warnings=shown(warnings),
    )


def shown(found: Sequence[DistrictError]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json", exclude={"origin": {"parts"}}) for each in found]
