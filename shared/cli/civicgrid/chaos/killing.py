"""SIGKILL of a run's processes at random moments, each started again after a while."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from civicgrid.deployment import Run
from civicgrid.system import System

PAUSE_SECONDS = (2.0, 7.0)
"""Between the start of one and the death of the next."""


@dataclass(frozen=True)
class Victim:
    """A process, and for how many seconds, from and to, it stays dead before it is started."""

    name: str
    dead_seconds: tuple[float, float]


class Killing:
    """One process after the other, in an order drawn from the seed in which each comes as often
    as any other. ``killed`` counts how often each was."""

    def __init__(self, system: System, run: Run, seed: int, victims: Mapping[str, Victim]) -> None:
        self._system, self._run = system, run
        self._chance, self._victims = Random(f"{seed}:killing"), victims
        self.killed: Counter[str] = Counter()

    async def until(self, over: asyncio.Event) -> None:
        """Go on until it is over; everything runs again then."""
        while not over.is_set():
            for name in self._chance.sample(sorted(self._victims), len(self._victims)):
                if await _waited(over, self._chance.uniform(*PAUSE_SECONDS)):
                    return
                await self._kill(self._victims[name])

    async def _kill(self, victim: Victim) -> None:
        await asyncio.to_thread(self._system.supervisor.kill9, victim.name)
        self.killed[victim.name] += 1
        await asyncio.sleep(self._chance.uniform(*victim.dead_seconds))
        await asyncio.to_thread(self._system.restart, victim.name, self._run)


async def _waited(over: asyncio.Event, seconds: float) -> bool:
    """Whether it was over before so many seconds had passed."""
    try:
        async with asyncio.timeout(seconds):
            await over.wait()
    except TimeoutError:
        return False
    return True
