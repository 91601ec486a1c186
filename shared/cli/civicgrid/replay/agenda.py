"""What is to be done at which domain time, done when it comes, several at once."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from case_contracts.clock import Clock
from civicgrid.client import ApiError

Act = Callable[[], Awaitable[None]]
AT_ONCE = 48
PAUSE = 0.05


class Agenda:
    """Acts by time. One that is refused is counted in ``refused`` by its code; ``late`` says how
    many hours of domain time after its own each was done."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.refused: dict[str, int] = {}
        self.late: list[float] = []
        self.done = 0
        self._numbers = itertools.count()
        self._heap: list[tuple[datetime, int, Act]] = []
        self._running: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(AT_ONCE)

    def __len__(self) -> int:
        return len(self._heap) + len(self._running)

    def after(self, minutes: float, act: Act) -> None:
        """Do it so many minutes of domain time from now."""
        due = self.clock.now() + timedelta(minutes=minutes)
        heapq.heappush(self._heap, (due, next(self._numbers), act))

    async def run(self) -> None:
        """Do what is due, until cancelled. An unreachable service ends it with LocalError."""
        try:
            while True:
                await self._due()
                await asyncio.sleep(PAUSE)
        finally:
            for task in self._running:
                task.cancel()
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _due(self) -> None:
        while self._heap and self._heap[0][0] <= self.clock.now():
            await self._free.acquire()
            due, _, act = heapq.heappop(self._heap)
            self._begin(due, act)
        for task in [each for each in self._running if each.done()]:
            self._running.discard(task)
            task.result()

    def _begin(self, due: datetime, act: Act) -> None:
        task = asyncio.create_task(self._one(due, act))
        self._running.add(task)

    async def _one(self, due: datetime, act: Act) -> None:
        try:
            await act()
            self.done += 1
            self.late.append((self.clock.now() - due) / timedelta(hours=1))
        except ApiError as error:
            self.refused[error.code] = self.refused.get(error.code, 0) + 1
        finally:
            self._free.release()
