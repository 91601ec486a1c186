"""Cases that go through a running system for as long as something is done to it."""

import asyncio
from collections.abc import Iterator
from itertools import count, cycle

from civicgrid.client import Api
from civicgrid.deployment import Run
from civicgrid.replay.live import Pace, Progress, Replay
from civicgrid.reports_file import ReportLine
from tests.flow import district
from tests.support.twin import eventually

PACE = Pace(rate=1, quiet=180, most=600, behind=12)
"""Steadily: where one case stands still, others come after it, so that what is to be reached is."""


class Traffic:
    """Cases that go their whole way, one after the other, until told to stop."""

    _numbers = count()

    def __init__(self, api: Api, run: Run) -> None:
        self._api, self._run = api, run
        self._over = asyncio.Event()
        self._sent = 0
        self._now = Progress()

    async def flow(self) -> None:
        """Until told to stop, and until all of them are through."""
        clock = self._run.domain_clock()
        replay = Replay(self._api, clock, district.HABITS, PACE, self._told)
        outcome = await replay.run(self._lines())
        assert outcome.waiting == [], (outcome.stopped, outcome.refused_acts)
        assert outcome.statuses == {"received": self._sent}

    def _lines(self) -> Iterator[ReportLine]:
        for line in cycle(list(district.reports())[:12]):
            if self._over.is_set():
                return
            self._sent += 1
            yield line.model_copy(update={"ref": f"{line.ref}-{next(self._numbers)}"})

    def _told(self, progress: Progress) -> None:
        self._now = progress

    @property
    def closed(self) -> int:
        """How many cases are through so far."""
        return self._now.closed

    async def until(self, closed: int) -> None:
        """Wait until so many cases are through."""
        await eventually(lambda: self.closed >= closed, 300)

    async def during(self, killing: "asyncio.Task[None]") -> None:
        """Flow until `killing` is over, and until the last case is closed."""
        flowing = asyncio.create_task(self.flow())
        try:
            await asyncio.wait({killing, flowing}, return_when=asyncio.FIRST_COMPLETED)
            self._over.set()
            await asyncio.gather(killing, flowing)
        finally:
            killing.cancel()
            flowing.cancel()
            await asyncio.gather(killing, flowing, return_exceptions=True)
