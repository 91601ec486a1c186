"""What changes, told to the pages that are open: only that, and of which case."""

import time
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from case_contracts.values import Ref
from console.adapters.live_hub import Ear, Full, Hub
from console.domain.live import Audience
from console.domain.person import Person
from console.house import house_of
from console.staff import Signed

router = APIRouter(prefix="/staff", tags=["live"])
READS = ("cases.read", "cases.supervise", "operate")
"""Who reads all cases of the district at dispatch hears of all."""
BEAT_SECONDS = 10.0
AGAIN_MS, FULL_MS = 1500, 30_000
MOST_CASES = 20


def audience_of(person: Person, cases: list[str]) -> Audience:
    return Audience(person.may(*READS), person.department, frozenset(cases))


@router.get("/live", response_class=EventSourceResponse)
async def live(
    request: Request,
    staff: Signed,
    case: Annotated[list[Ref], Query(max_length=MOST_CASES)] = [],  # noqa: B006 - FastAPI copies it
) -> AsyncIterator[ServerSentEvent]:
    """Hints until the session ends: ``hints`` (a list), ``reload`` where some were left out, and
    ``state``: whether events come at all. ``case``: those that the page shows."""
    hub = house_of(request).hub
    audience = audience_of(staff.person, case)
    try:
        with hub.listening(audience) as ear:
            async for each in told(ear, hub, staff.until):
                yield each
    except Full:
        yield ServerSentEvent(event="state", data=_state(False), retry=FULL_MS)


async def told(ear: Ear, hub: Hub, until: float) -> AsyncIterator[ServerSentEvent]:
    """What an open page is sent, up to the moment when its session ends or we stop."""
    yield ServerSentEvent(event="state", data=_state(ear.live), retry=AGAIN_MS)
    was_live = ear.live
    while not hub.closed and (left := until - time.time()) > 0:
        news = await ear.news(min(BEAT_SECONDS, left))
        if news is None:
            yield ServerSentEvent(comment="beat")
            continue
        if news.live != was_live:
            was_live = news.live
            yield ServerSentEvent(event="state", data=_state(was_live))
        if news.reload:
            yield ServerSentEvent(event="reload", data={})
        if news.hints:
            yield ServerSentEvent(event="hints", data=news.hints)


def _state(live: bool) -> str:
    return "live" if live else "stale"
