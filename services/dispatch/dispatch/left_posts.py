"""The sweep over posts that people have left: what lay in their hands is handed on."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from dispatch.background import TIMER, settings_of, submit
from dispatch.commands.hand_on import HandOn
from dispatch.domain.state import CaseState
from dispatch.domain.succession import left_behind
from dispatch.domain.world import World
from service_kit import clock
from service_kit.ids import derived
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.postings import PostingSpan
from service_kit.runtime import Runtime
from service_kit.store import Work

log = structlog.get_logger()
PEOPLE_AT_ONCE = 200
WATCHED_SECONDS = 10.0
"""After its last case is handed on a post is looked at for so long: a commit that was decided
before the end may come to the view after it."""

TRIES_A_CAUSE = 20
"""What was decided on an older mirror, and so changed nothing, is decided anew after so many."""

Left = tuple[str, str, datetime]
Turn = tuple[str, int, int]


@dataclass
class Watch:
    """Which posts that ended are done with; ``clear`` since when nothing was found at them."""

    clear: dict[Left, float] = field(default_factory=dict)
    tries: Counter[Turn] = field(default_factory=Counter)

    def open(self, ended: Sequence[PostingSpan]) -> list[Left]:
        """Those still to be looked at, the last to end first, as many as one query may ask for."""
        now = time.monotonic()
        keys = [(span.data.posting, span.data.person, span.end) for span in reversed(ended)]
        waiting = [k for k in keys if now - self.clear.get(k, now) < WATCHED_SECONDS]
        return waiting[:PEOPLE_AT_ONCE]

    def seen(self, looked_at: Iterable[Left], people: set[str]) -> None:
        """``people`` are those at whose desks something was found."""
        now = time.monotonic()
        for key in looked_at:
            if key[1] in people:
                self.clear.pop(key, None)
            else:
                self.clear.setdefault(key, now)

    def attempts(self, turns: Iterable[Turn]) -> dict[Turn, int]:
        """How often each was tried under one cause; those that are done with are forgotten."""
        self.tries = Counter({turn: self.tries[turn] + 1 for turn in turns})
        return {turn: (count - 1) // TRIES_A_CAUSE for turn, count in self.tries.items()}


async def sweep(runtime: Runtime) -> None:
    """Each tick at most one query: for the desks of those who left a post a short while ago."""
    watch = Watch()
    while True:
        try:
            await _once(runtime, watch)
        except UNKNOWN_OUTCOME as error:
            log.warning("post_sweep_waits", error=type(error).__name__)
        await asyncio.sleep(settings_of(runtime).sweep_posts_seconds)


async def _once(runtime: Runtime, watch: Watch) -> None:
    world: World = await runtime.load_world()
    now = clock.now()
    looked_at = watch.open(world.postings.ended(now))
    if not looked_at:
        return
    desks = sorted({f"person:{person}" for _, person, _ in looked_at})
    rows = runtime.database["view_case"].find({"desk": {"$in": desks}}, {"state": 1})
    states = [CaseState.model_validate(row["state"]) async for row in rows]
    left = [(s, party) for s in states if (party := left_behind(s, world, now))]
    watch.seen(looked_at, {party.person or "" for _, party in left})
    attempts = watch.attempts(_turn(state) for state, _ in left)
    await submit(runtime, [_hand_on(turn, attempt) for turn, attempt in attempts.items()])


def _turn(state: CaseState) -> Turn:
    """Another one each time that the case comes into somebody's hands."""
    return state.case, state.task.assignment if state.task else 0, len(state.clocks)


def _hand_on(turn: Turn, attempt: int) -> Work:
    cause = derived("posting-ended", *map(str, turn), str(attempt))
    return Work(turn[0], "dispatch.post-sweep", cause, HandOn(), TIMER)
