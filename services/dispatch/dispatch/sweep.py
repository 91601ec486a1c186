"""The sweep over charters: open tasks whose entry gives no right to them any longer are taken away
and routed anew, whether the entry was revoked, replaced by another version, or ran out."""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from datetime import datetime

import structlog

from case_contracts.values import Versioned
from dispatch.background import TIMER, settings_of, submit
from dispatch.commands.reassign import ReexamineCharter
from dispatch.domain.world import World
from service_kit import clock
from service_kit.charters import Charters
from service_kit.ids import derived
from service_kit.mongo import UNKNOWN_OUTCOME, Document
from service_kit.runtime import Runtime
from service_kit.store import Work

log = structlog.get_logger()
MIRROR = "mirror_charter"
SUPERVISOR = "supervisor:"
LOOK_AGAIN_SECONDS = 2.0
EVERYTHING_SECONDS = 60.0


async def charters(runtime: Runtime) -> None:
    """Look at what has changed when it has, or when an entry's time comes; a few times a second
    at what other replicas have heard, and at everything now and then."""
    changed = Changed()
    while True:
        news, pause = runtime.recorder.written(MIRROR), settings_of(runtime).sweep_charters_seconds
        try:
            pause = min(pause, await _sweep(runtime, changed))
        except UNKNOWN_OUTCOME as error:
            log.warning("charter_sweep_waits", error=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await news.wait()


class Changed:
    """Departments of entries of which another version, or none, is in force than before.

    Each is looked at for some seconds: a batch of another replica that was decided before the
    change may become visible after it. ``now`` is monotonic.
    """

    def __init__(self) -> None:
        self._versions: dict[str, int] = {}
        self._until: dict[str, float] = {}
        self._everything = 0.0

    def departments(self, known: Charters, when: datetime, now: float) -> set[str]:
        for entry, departments in known.departments.items():
            standing = known.at(entry, when)
            version = standing.version if standing is not None else 0
            if self._versions.get(entry) != version:
                self._versions[entry] = version
                self._until |= dict.fromkeys(departments, now + LOOK_AGAIN_SECONDS)
        self._until = {name: until for name, until in self._until.items() if until > now}
        if now < self._everything:
            return set(self._until)
        self._everything = now + EVERYTHING_SECONDS
        return {name for departments in known.departments.values() for name in departments}


async def _sweep(runtime: Runtime, changed: Changed) -> float:
    """After how many seconds the next entry begins or ends."""
    world: World = await runtime.load_world()
    now = clock.now()
    departments = changed.departments(world.charters, now, time.monotonic())
    if departments:
        await _reexamine(runtime, world, departments, now)
    return max(0.0, (world.charters.next_change(now) - clock.now()).total_seconds())


async def _reexamine(runtime: Runtime, world: World, departments: set[str], now: datetime) -> None:
    view, fields = runtime.database["view_case"], {"state.task": 1, "state.matter": 1}
    theirs = {"$in": [f"department:{each}" for each in departments]}
    for desks in (theirs, {"$gte": SUPERVISOR, "$lt": SUPERVISOR + "~"}):
        rows = view.find({"desk": desks}, fields)
        found = [_reexamined(row["_id"], row["state"], world.charters, now) async for row in rows]
        await submit(runtime, [work for work in found if work is not None])


def _reexamined(case: str, state: Document, known: Charters, now: datetime) -> Work | None:
    task: Mapping[str, object] | None = state["task"]
    if task is None or task["charter"] is None:
        return None
    relied = Versioned.model_validate(task["charter"])
    if not known.known(relied) or known.holds(relied, now, state["matter"]):
        return None
    standing = known.at(relied.id, now)
    ended = [span.end.isoformat() for span in known.standing[relied.id] if span.end <= now]
    instead = str(standing.version) if standing is not None else "none"
    cause = derived(
        "charter-ended", relied.id, str(relied.version), case, str(task["assignment"]),
        instead, *ended[-1:],
    )  # fmt: skip
    command = ReexamineCharter(relied.id, relied.version)
    return Work(case, "dispatch.charter-sweep", cause, command, TIMER)
