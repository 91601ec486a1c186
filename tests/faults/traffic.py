"""Cases that go through a running system for as long as something is done to it."""

import asyncio
from itertools import count

from civicgrid.client import Api
from civicgrid.deployment import Run
from civicgrid.replay.live import Pace, Progress, Replay
from civicgrid.reports_file import ReportLine
from tests.flow import district
from tests.support.twin import eventually


class Traffic:
    """Cases that go their whole way, again and again, until told to stop."""

    _numbers = count()

    def __init__(self, api: Api, run: Run) -> None:
        self._api, self._run = api, run
        self._over = asyncio.Event()
        self._before = 0
        self._now = Progress(0)

    async def flow(self) -> None:
        while not self._over.is_set():
            number = next(self._numbers)
            lines = [_again(line, number) for line in list(district.reports())[:12]]
            pace = Pace(rate=3, quiet=90, most=300)
            replay = Replay(self._api, self._run.domain_clock(), district.HABITS, pace, self._told)
            outcome = await replay.run(lines)
            assert outcome.waiting == []
            assert outcome.statuses == {"received": len(lines)}
            self._before += self._now.closed
            self._now = Progress(0)

    def _told(self, progress: Progress) -> None:
        self._now = progress

    @property
    def closed(self) -> int:
        """How many cases are through so far."""
        return self._before + self._now.closed

    async def until(self, closed: int) -> None:
        """Wait until so many cases are through."""
        await eventually(lambda: self.closed >= closed, 120)

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


def _again(line: ReportLine, number: int) -> ReportLine:
    return line.model_copy(update={"ref": f"{line.ref}-{number}"})
