"""Changes about people: planned together with everything, never of the past."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from case_contracts.district import ChangeResult, DistrictError, DistrictPart, Item, Origin, Raw
from case_contracts.events.base import EventData
from registry.api.changing import change, planned_of
from registry.api.people.schemas import Ending
from registry.commands.change import Planned
from registry.domain.kinds import Kind
from registry.domain.people.dated import check_past, dated
from registry.domain.people.ending import ending
from registry.domain.plan import Plan, judge, plan_part
from registry.domain.step import Step
from registry.views.known import Known
from service_kit import clock
from service_kit.auth import Principal
from service_kit.runtime import Runtime

Published = Mapping[str, Sequence[EventData]]
WHOLE = "request"


def raw(body: BaseModel, place: str = WHOLE, **more: Any) -> Raw:
    """What was sent, as the registry validates it; left out where nothing was said."""
    value = body.model_dump(mode="json", exclude_none=True, exclude={"reason"})
    return Item(origin=Origin(file=place), value=value | more)


async def post(
    request: Request, caller: Principal, body: BaseModel, kind: Kind, field: str,
    raws: Sequence[Raw], wrong: Sequence[DistrictError] = (), *, reason: str, **more: Any,
) -> ChangeResult:  # fmt: skip
    """Things of a kind are to be as said in ``raws``; ``field`` is their place in a district.
    ``wrong`` is what was found when reading them."""

    def plan(published: Published, now: datetime, district: str) -> Plan:
        part = DistrictPart.model_validate({field: dated(kind, raws, published, now)})
        found = plan_part(part, published, district)
        found.errors = _in_order([*wrong, *found.errors, *check_past(found.steps, published, now)])
        return found

    names = [str(each.value.get(kind.key[0])) for each in raws]
    return await change_people(request, caller, body, plan, kind=f"post-{kind.name}", about=names,
                               purpose=reason, **more)  # fmt: skip


async def end(
    request: Request, caller: Principal, body: Ending, kind: Kind, name: str, **more: Any
) -> ChangeResult:
    """A thing of a kind ends, at once or at ``valid_to``."""
    aggregate = name if name.startswith(f"{kind.name}:") else f"{kind.name}:{name}"

    def plan(published: Published, now: datetime, district: str) -> Plan:
        events = ending(kind, published.get(aggregate, ()), body.valid_to, now)
        steps = [Step(aggregate, tuple(events))] if events else []
        return judge(steps, published, district)

    return await change_people(request, caller, body, plan, kind=f"end-{kind.name}",
                               about=[aggregate], purpose=body.reason, **more)  # fmt: skip


async def change_people(
    request: Request, caller: Principal, body: BaseModel,
    plan: Callable[[Published, datetime, str], Plan], **more: Any,
) -> ChangeResult:  # fmt: skip
    """Make the change that ``plan`` finds on what stands now."""
    runtime: Runtime = request.app.state.runtime
    known: Known = runtime.extras["known"]

    async def plans() -> Planned:
        published, now = await known.read(), clock.now()
        return planned_of(await asyncio.to_thread(plan, published, now, runtime.settings.district))

    return await change(request, caller, body, plans, **more)


def _in_order(errors: Iterable[DistrictError]) -> list[DistrictError]:
    """By line, so that a table can be corrected from top to bottom."""

    def line(error: DistrictError) -> int:
        return (error.origin.line or 0) if error.origin else 0

    return sorted(errors, key=line)
