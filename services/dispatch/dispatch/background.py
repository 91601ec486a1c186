"""What dispatch does by itself: timers."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from dispatch.commands.tick import Tick
from dispatch.settings import DispatchSettings
from service_kit import clock
from service_kit.ids import derived
from service_kit.mongo import ASCENDING, UNKNOWN_OUTCOME, Database
from service_kit.runtime import Runtime
from service_kit.store import Actor, Work

log = structlog.get_logger()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT_ONCE = 128
TIMER = Actor("service:dispatch", purpose="timer")

Set = tuple[str, datetime]
"""A case, and the time for which its timer is set."""


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
    number of replicas one commits. The next tick does not wait for what this one commits."""
    under_way: set[Set] = set()
    async with asyncio.TaskGroup() as group:
        while True:
            try:
                found = await due(runtime.database, clock.now())
            except UNKNOWN_OUTCOME as error:
                log.warning("timers_wait", error=type(error).__name__)
                found = []
            if new := [each for each in found if each not in under_way]:
                group.create_task(_fire(runtime, new, under_way))
            await asyncio.sleep(settings_of(runtime).tick_seconds)


async def _fire(runtime: Runtime, new: Sequence[Set], under_way: set[Set]) -> None:
    under_way.update(new)
    try:
        await submit(runtime, [_tick(case, at) for case, at in new])
    finally:
        under_way.difference_update(new)


async def due(database: Database, now: datetime) -> list[Set]:
    """Timers that are due, as many as one tick takes; costs the same however many are open."""
    rows = database["view_case"].find({"next_due": {"$gte": EPOCH, "$lte": now}}, {"next_due": 1})
    return [(r["_id"], r["next_due"]) for r in await rows.limit(AT_ONCE).to_list(AT_ONCE)]


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
