"""Loading a district: validated whole, then published thing by thing."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request

from case_contracts.district import DistrictBundle, DistrictError, LoadResult
from registry.api.answers import REFUSALS, Writer
from registry.api.schemas import DistrictProblem, example
from registry.commands.load_district import load_district
from registry.domain.plan import Plan, plan
from registry.views.records import all_documents, events_of
from service_kit import clock
from service_kit.errors import Invalid
from service_kit.mongo import Document
from service_kit.telemetry.tracing import current_traceparent

router = APIRouter(tags=["districts"])
_LOADING = "loading"
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


def extras() -> dict[str, Any]:
    """One load at a time: each is compared with what the one before it published."""
    return {_LOADING: asyncio.Lock()}


@router.post("/districts", responses=_ANSWERS)
async def load(
    request: Request, caller: Writer, bundle: DistrictBundle, dry_run: bool = False
) -> LoadResult:
    """Load a district, or with `dry_run` only say what would come of it.

    Nothing is applied unless everything is valid. What is published already is left alone, so
    that the same district may be loaded again, also after a load that was broken off.
    """
    runtime = request.app.state.runtime
    async with runtime.extras[_LOADING]:
        documents = await all_documents(runtime.database)
        planned = await asyncio.to_thread(_plan, bundle, documents, runtime.settings.district)
        if planned.errors:
            raise _refused(planned)
        published: Mapping[str, int] = planned.published
        if not dry_run:
            published = await load_district(
                planned.steps, runtime.committer.through, load=str(uuid.uuid4()),
                actor=caller.actor(), traceparent=current_traceparent(),
            )  # fmt: skip
    return LoadResult(
        district=str(bundle.head.value["district"]),
        dry_run=dry_run,
        published=dict(published),
        unchanged=planned.unchanged,
        warnings=planned.warnings,
        at=clock.now(),
    )


def _plan(bundle: DistrictBundle, documents: Sequence[Document], district: str) -> Plan:
    return plan(bundle, events_of(documents), district)


def _refused(planned: Plan) -> Invalid:
    count = len(planned.errors)
    return Invalid(
        f"the district has {count} error{'s' if count > 1 else ''}; nothing of it was applied",
        code="district_invalid",
        errors=_shown(planned.errors),
        warnings=_shown(planned.warnings),
    )


def _shown(found: Sequence[DistrictError]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json", exclude={"origin": {"parts"}}) for each in found]
