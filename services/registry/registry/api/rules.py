"""Standards and calendars, by version."""

from typing import Annotated, TypeVar

from fastapi import APIRouter, Query, Request

from case_contracts.events.base import EventData
from case_contracts.events.registry import CalendarPublished, StandardPublished
from registry.api.answers import MISSING, READ, REFUSALS
from registry.api.schemas import example
from registry.domain.kinds import version as version_of
from registry.views.records import one
from service_kit.errors import NotFound

router = APIRouter(tags=["rules"], dependencies=READ, responses=REFUSALS | MISSING)
Version = Annotated[int | None, Query(ge=1, description="the newest, if it is left out")]
D = TypeVar("D", bound=EventData)


@router.get("/standards/{standard:path}", responses={200: example(StandardPublished.EXAMPLE)})
async def standard(request: Request, standard: str, version: Version = None) -> StandardPublished:
    """A standard: its matters, conditions and limits."""
    return await _version(request, f"standard:{standard}", StandardPublished, version)


@router.get("/calendars/{calendar:path}", responses={200: example(CalendarPublished.EXAMPLE)})
async def calendar(request: Request, calendar: str, version: Version = None) -> CalendarPublished:
    """A work calendar: hours per weekday, holidays and make-up working days."""
    return await _version(request, f"calendar:{calendar}", CalendarPublished, version)


async def _version(request: Request, aggregate: str, model: type[D], version: int | None) -> D:
    said = await one(request.app.state.runtime.database, aggregate)
    found = [e for e in said if isinstance(e, model) and version in (None, version_of(e))]
    if not found:
        raise NotFound(f"there is no {aggregate}" + (f" version {version}" if version else ""))
    return max(found, key=version_of)
