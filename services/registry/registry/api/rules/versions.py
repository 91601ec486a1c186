"""One published version of a standard or a calendar."""

from typing import TypeVar

from fastapi import Request

from case_contracts.events.base import EventData
from registry.domain.kinds import version as number_of
from registry.views.records import one
from service_kit.errors import NotFound

D = TypeVar("D", bound=EventData)


async def version_of(request: Request, aggregate: str, model: type[D], version: int | None) -> D:
    """That version, or the newest; raises NotFound."""
    said = await one(request.app.state.runtime.database, aggregate)
    found = [e for e in said if isinstance(e, model) and version in (None, number_of(e))]
    if not found:
        raise NotFound(f"there is no {aggregate}" + (f" version {version}" if version else ""))
    return max(found, key=number_of)
