"""A person's service over all grids (履职档案)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, ConfigDict

from case_contracts.values import Ref
from registry.api.answers import MISSING, READ, REFUSALS
from registry.api.schemas import example
from registry.views.people import service_of
from service_kit.errors import NotFound

router = APIRouter(prefix="/persons", tags=["people"], dependencies=READ, responses=REFUSALS)
_LINE = {
    "kind": "posting",
    "id": "posting:410199001001001:worker:1",
    "grid": "410199001001001",
    "since": "2026-01-01T00:00:00+08:00",
    "until": None,
    "role": "worker",
    "department": None,
    "other": None,
}


class ServiceLine(BaseModel):
    """What somebody did where and when; ``until`` null: without an end. ``kind`` is posting,
    secondment, portfolio, contact_group, handed_over or took_over."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    id: str
    grid: str
    since: datetime
    until: datetime | None
    role: str | None
    department: str | None
    other: str | None


@router.get("/{person:path}/service", responses=MISSING | {200: example([_LINE])})
async def file_of(
    request: Request, person: Annotated[Ref, Path(examples=["p-000123"])]
) -> list[ServiceLine]:
    """Every post, secondment, portfolio, contact group and hand-over of a person over all grids,
    in order of time, with what is to come."""
    found = await service_of(request.app.state.runtime.database, person)
    if not found:
        raise NotFound(f"{person} never held a post here")
    return [ServiceLine.model_validate(line) for line in found]
