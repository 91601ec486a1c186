"""Loading a district: validated whole, then published thing by thing."""

import asyncio
import uuid

from fastapi import APIRouter, Request

from case_contracts.district import DistrictBundle, LoadResult, UnledMatters
from registry.api.answers import REFUSALS, Writer
from registry.api.changing import refused
from registry.api.schemas import DistrictProblem, example
from registry.commands.change import Changes, Planned, Wanted
from registry.domain.plan import Plan, Published, plan
from registry.domain.validation.ground import Checks
from registry.views.known import Known
from service_kit import clock
from service_kit.runtime import Runtime
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(tags=["districts"])
MOST = 1000
_LOADED = {
    "district": "lanhe",
    "dry_run": False,
    "published": {
        "calendar.published.v1": 1,
        "grid.published.v1": 1714,
        "district.published.v1": 1,
    },
    "unchanged": 0,
    "warnings": [],
    "at": "2026-01-05T00:00:00Z",
}
_ANSWERS = REFUSALS | {
    200: {"description": "What was published", **example(_LOADED)},
    422: {"model": DistrictProblem, "description": "`district_invalid`: nothing was applied"},
}


@router.post("/districts", responses=_ANSWERS)
async def load(
    request: Request, caller: Writer, bundle: DistrictBundle, dry_run: bool = False
) -> LoadResult:
    """Load a district, or with `dry_run` only say what would come of it.

    Nothing is applied unless everything is valid; once it is decided everything is applied,
    whatever fails meanwhile. What is published already is left alone.
    """
    runtime: Runtime = request.app.state.runtime
    changes: Changes = runtime.extras["changes"]
    known: Known = runtime.extras["known"]

    async def plans() -> Planned:
        published = await known.read()
        checks: Checks = runtime.extras["checks"]
        found = await asyncio.to_thread(_plan, bundle, published, runtime.settings.district, checks)
        return Planned(found.steps, _result(bundle, found).model_dump(mode="json"))

    wanted = Wanted("load", (), str(uuid.uuid4()), caller.actor(), plans,
                    traceparent=current_traceparent())  # fmt: skip
    answer = await (changes.preview(wanted) if dry_run else changes.make(wanted))
    return LoadResult.model_validate(answer).model_copy(update={"dry_run": dry_run})


def _plan(bundle: DistrictBundle, published: Published, district: str, checks: Checks) -> Plan:
    found = plan(bundle, published, district, checks)
    if found.errors:
        raise refused(found.errors, found.warnings, "district_invalid", "the district")
    return found


def _result(bundle: DistrictBundle, found: Plan) -> LoadResult:
    return LoadResult(
        district=str(bundle.head.value["district"]),
        dry_run=False,
        published=found.published,
        unchanged=found.unchanged,
        warnings=found.warnings,
        unled=[UnledMatters(grid=u.grid, matters=list(u.matters)) for u in found.unled[:MOST]],
        at=clock.now(),
    )
