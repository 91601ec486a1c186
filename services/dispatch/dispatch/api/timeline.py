"""Everything that happened to a case, in one list."""

from typing import Annotated

from fastapi import APIRouter, Query, Request

from dispatch.api.callers import Reader
from dispatch.views import sight
from dispatch.views.timeline import Timeline, timeline

MOST = 100
router = APIRouter(prefix="/cases/{case}", tags=["cases"])


@router.get("/timeline")
async def show_timeline(
    request: Request,
    case: str,
    caller: Reader,
    after: Annotated[int, Query(ge=0, le=10**9, description="the cursor of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST, description="commits, each shown whole")] = 50,
) -> Timeline:
    """All events of the case by dispatch, with when, who and why in both languages (时间轴)."""
    runtime = request.app.state.runtime
    await sight.find(runtime, case, caller)
    return await timeline(runtime.database, case, after, limit)
