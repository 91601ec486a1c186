"""What dispatch does by itself: timers, and the sweep over charters that have ended."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import structlog

from dispatch.commands.reassign import ReexamineCharter
from dispatch.commands.tick import Tick
from dispatch.domain.world import World
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


async def prepare(database: Database) -> None:
    """Indexes of the view: timers by time, cases by whose turn it is. Closed ones have neither."""
    view = database["view_case"]
    await view.create_index([("next_due", ASCENDING)], name="next_due", sparse=True)
    await view.create_index([("desk", ASCENDING)], name="desk", sparse=True)


def _settings(runtime: Runtime) -> DispatchSettings:
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
        await asyncio.sleep(_settings(runtime).tick_seconds)


async def _fire_due(runtime: Runtime) -> None:
    due = runtime.database["view_case"].find(
        {"next_due": {"$gte": EPOCH, "$lte": clock.now()}}, {"next_due": 1}
    )
    rows = await due.limit(AT_ONCE).to_list(AT_ONCE)
    await _submit(runtime, [_tick(row["_id"], row["next_due"]) for row in rows])


def _tick(case: str, at: datetime) -> Work:
    return Work(case, "dispatch.timer", derived("due", case, at.isoformat()), Tick(at), TIMER)


async def charters(runtime: Runtime) -> None:
    """Re-examine open tasks that rely on an entry that has ended (revoked or run out)."""
    done: set[tuple[str, int, datetime]] = set()
    while True:
        try:
            world: World = await runtime.load_world()
            now = clock.now()
            for entry in world.charters.ended(now):
                key = (entry.charter, entry.version)
                end = world.charters.revoked.get(key) or entry.valid_to
                assert end is not None
                if (*key, end) not in done and await _reexamine(runtime, entry):
                    done.add((*key, end))
        except UNKNOWN_OUTCOME as error:
            log.warning("charter_sweep_waits", error=type(error).__name__)
        await asyncio.sleep(_settings(runtime).sweep_charters_seconds)


async def _reexamine(runtime: Runtime, entry: Any) -> bool:
    """True when no open task of the department relies on the entry any longer."""
    query = {"desk": {"$in": [f"department:{entry.department}"]}}
    relying = [
        row["_id"]
        async for row in runtime.database["view_case"].find(query, {"state.task.charter": 1})
        if (row["state"]["task"] or {}).get("charter")
        == {"id": entry.charter, "version": entry.version}
    ]
    command = ReexamineCharter(entry.charter, entry.version)
    await _submit(runtime, [_sweep(case, command) for case in relying])
    return not relying


def _sweep(case: str, command: ReexamineCharter) -> Work:
    cause = derived("charter-ended", command.charter, str(command.version), case)
    return Work(case, "dispatch.charter-sweep", cause, command, TIMER)


async def _submit(runtime: Runtime, works: list[Work]) -> None:
    results = await asyncio.gather(
        *(runtime.committer.through(work) for work in works), return_exceptions=True
    )
    for work, result in zip(works, results, strict=True):
        if isinstance(result, Exception):
            log.warning("timer_failed", case=work.aggregate, error=str(result))
