"""From a request about the territory to a change of it, planned on what stands."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel

from case_contracts.district import ChangeResult
from registry.api.changing import change, planned, refused
from registry.commands.change import Planned
from registry.domain.plan import Published
from registry.domain.territory.planning import Decided, Draw, plan_territory
from registry.domain.validation.ground import Checks
from registry.views.known import Known
from service_kit import clock
from service_kit.auth import Principal
from service_kit.runtime import Runtime

WithMap = Annotated[
    bool, Query(alias="map", description="add an SVG of the grids that errors and warnings name")
]


def checks_of(runtime: Runtime) -> Checks:
    """What this registry checks besides, by its settings."""
    found: Checks = runtime.extras["checks"]
    return found


async def redraw_territory(
    request: Request, caller: Principal, body: BaseModel, draw: Draw, *, kind: str,
    about: list[str], reason: str, valid_from: datetime | None, key: str | None, dry_run: bool,
    with_map: bool, codes: Mapping[str, str] | None = None,
) -> ChangeResult:  # fmt: skip
    """Make the change that ``draw`` sketches, or with ``dry_run`` say what it would publish."""
    runtime: Runtime = request.app.state.runtime
    known: Known = runtime.extras["known"]

    def planned_now(published: Published) -> Planned:
        decided = Decided(clock.now(), valid_from, codes)
        found = plan_territory(
            published, runtime.settings.district, decided, draw, checks_of(runtime)
        )
        svg = found.map if with_map else None
        if found.plan.errors:
            problem = refused(found.plan.errors, found.plan.warnings)
            problem.extra |= {"map": svg} if svg else {}
            raise problem
        made = planned(found.plan.steps, found.plan.warnings)
        return Planned(made.steps, made.answer | {"map": svg}, decided.when or decided.now)

    async def plans() -> Planned:
        return await asyncio.to_thread(planned_now, await known.read())

    return await change(
        request, caller, body, plans, kind=kind, about=[f"grid:{code}" for code in about],
        purpose=reason, key=key, dry_run=dry_run,
    )  # fmt: skip
