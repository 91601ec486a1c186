"""What dispatch does by itself: timers."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from dispatch.commands.tick import Tick
from dispatch.settings import DispatchSettings
from service_kit import clock
from service_kit.ids import derived
from service_kit.mongo import ASCENDING, UNKNOWN_OUTCOME, Database, Document
from service_kit.runtime import Runtime
from service_kit.store import Actor, Work

log = structlog.get_logger()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 128
TIMER = Actor("service:dispatch", purpose="timer")


async def prepare(database: Database) -> None:
    """Indexes of the view: timers by time and cases by whose turn it is, which closed ones have
    neither of, and the words that lists are read by."""
    view = database["view_case"]
    await view.create_index([("next_due", ASCENDING)], name="next_due", sparse=True)
    await view.create_index([("desk", ASCENDING)], name="desk", sparse=True)
    await view.create_index([("by", ASCENDING)], name="by")


def settings_of(runtime: Runtime) -> DispatchSettings:
    assert isinstance(runtime.settings, DispatchSettings)
    return runtime.settings


async def timers(runtime: Runtime) -> None:
    """Each tick one query for what is due; the cause is the time that was set, so that of any
    number of replicas one commits."""
    while True:
        try:
            await _fire_due(runtime)
        except UNKNOWN_OUTCOME as error:
            log.warning("timers_wait", error=type(error).__name__)
        await asyncio.sleep(settings_of(runtime).tick_seconds)


async def _fire_due(runtime: Runtime) -> None:
    rows = await due(runtime.database, clock.now())
    await submit(runtime, [_tick(row["_id"], row["next_due"]) for row in rows])


async def due(database: Database, now: datetime) -> list[Document]:
    """Cases of which a timer is due, as many as one tick takes; costs the same however many
    others are open."""
    found = database["view_case"].find({"next_due": {"$gte": EPOCH, "$lte": now}}, {"next_due": 1})
    return await found.limit(AT_ONCE).to_list(AT_ONCE)


def _tick(case: str, at: datetime) -> Work:
    return Work(case, "dispatch.timer", derived("due", case, at.isoformat()), Tick(at), TIMER)


async def submit(runtime: Runtime, works: Sequence[Work]) -> None:
    """Commit and publish them all; one that fails is logged and comes up again by itself."""
    results = await asyncio.gather(
        *(runtime.committer.through(work) for work in works), return_exceptions=True
    )
    for work, result in zip(works, results, strict=True):
        if isinstance(result, Exception):
            log.warning("timer_failed", case=work.aggregate, error=str(result))
