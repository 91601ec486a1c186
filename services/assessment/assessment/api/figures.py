"""Whether cases were finished in time, case by case: to be compared with others' own answers."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AwareDatetime, BaseModel

from assessment.domain.counted import Course
from assessment.domain.on_time import counts, opened_between, standing
from assessment.reading import ledgers_of
from service_kit import clock
from service_kit.errors import Invalid
from service_kit.http.access import needs
from service_kit.runtime import Runtime

MAX_PAGE = 50_000
router = APIRouter(prefix="/figures", tags=["figures"])


class CaseOnTime(BaseModel):
    """``on_time`` is null while the case is open and where it has no limit."""

    case: str
    opened_at: datetime | None
    due_at: datetime | None
    closed_at: datetime | None
    on_time: bool | None
    standing: str


class OnTime(BaseModel):
    """Counts by standing over all cases of the span; ``cases`` is one page of them."""

    counts: dict[str, int]
    cases: list[CaseOnTime]
    cursor: int | None


@router.get("/on-time", dependencies=[Depends(needs("scores.read", "operate"))])
async def on_time(
    request: Request,
    start: Annotated[AwareDatetime, Query(alias="from", description="reported at or after")],
    end: Annotated[AwareDatetime, Query(alias="to", description="reported before")],
    limit: Annotated[int, Query(ge=0, le=MAX_PAGE)] = 0,
    after: Annotated[int, Query(ge=0)] = 0,
) -> OnTime:
    """Of the cases reported in ``[from, to)``: which were done within the case's limit."""
    if end <= start:
        raise Invalid("'to' must be later than 'from'", code="empty_span")
    runtime: Runtime = request.app.state.runtime
    ledger = await ledgers_of(runtime).since(start.timestamp())
    now = clock.now().timestamp()
    courses = await asyncio.to_thread(
        opened_between, ledger.cases, start.timestamp(), end.timestamp()
    )
    page = [_shown(course, now) for course in courses[after : after + limit]]
    more = limit and after + limit < len(courses)
    return OnTime(counts=counts(courses, now), cases=page, cursor=after + limit if more else None)


def _shown(course: Course, now: float) -> CaseOnTime:
    return CaseOnTime(
        case=course.case,
        opened_at=_time(course.opened_at),
        due_at=_time(course.due),
        closed_at=_time(course.closed_at if course.closed else None),
        on_time=course.on_time,
        standing=standing(course, now),
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
