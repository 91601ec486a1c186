"""A replay as it happens: reports sent, people played, cases followed until they are through."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from case_contracts.clock import Clock
from civicgrid.client import Api
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.deeds.stage import LOOKER
from civicgrid.replay.follow import Follower, Standing
from civicgrid.replay.measure import inbox_seconds, notice_counts
from civicgrid.replay.outcome import Outcome, closed_after, per_second, spread
from civicgrid.replay.pacing import SHARE, Still, rest
from civicgrid.replay.people import People
from civicgrid.replay.posts import Posts
from civicgrid.replay.reporters import Reporters
from civicgrid.replay.reviewers import Reviewers
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import After, Sent, at_rate, at_times, send_all
from civicgrid.reports_file import ReportLine

POST = "post"


@dataclass(frozen=True)
class Pace:
    """``rate`` reports a second at most, or each at its time of ``times``. Waiting for the rest
    ends when nothing has changed for ``quiet`` real seconds, or after ``most`` of them. ``look``:
    the share of the time that people may look at their desks for. ``behind``: no more is sent while
    dispatch has so many cases still to take up, so that a slow machine gets them as fast as it can;
    None: sent all the same."""

    rate: float | None = None
    quiet: float = 20.0
    most: float = 600.0
    times: Sequence[datetime] | None = None
    look: float = SHARE
    behind: int | None = None

    def after(self, clock: Clock) -> After | None:
        """When the reports are sent."""
        if self.times is not None:
            return at_times(self.times, clock)
        return at_rate(self.rate) if self.rate is not None else None


@dataclass
class Progress:
    """How far a replay is, for a progress bar. ``first_closed`` is by the monotonic clock."""

    sent: int = 0
    accepted: int = 0
    closed: int = 0
    first_closed: float | None = None


@dataclass
class Replay:
    """One replay. ``clock`` is the services' clock; ``tell`` is called whenever it has moved."""

    api: Api
    clock: Clock
    scenario: Scenario
    pace: Pace
    tell: Callable[[Progress], None]
    sent: list[Sent] = field(default_factory=list)
    _ended: set[str] = field(default_factory=set)
    _held_back: float = 0.0
    _stopped: str | None = None

    async def run(self, lines: Iterable[ReportLine]) -> Outcome:
        """Send, play, follow; returns when all are through or the pace's limits are reached."""
        self._progress = Progress()
        self._agenda = Agenda(self.clock)
        self._people = People(self.api, self._agenda, self.scenario, Posts(self.api))
        self._reporters = Reporters(self.api, self._agenda, self.scenario)
        self._reviewers = Reviewers(self.api, self._agenda, self.scenario, self._decided)
        self._follower = Follower(self.api, self._closed)
        self._reporters.follower = self._follower
        self._looked, self._still = asyncio.Event(), Still(self._changes)
        await _beside(
            self._send_and_wait(lines), self._agenda.run(), self._people.run(self.pace.look)
        )
        return await self._outcome()

    async def _send_and_wait(self, lines: Iterable[ReportLine]) -> None:
        after = self.pace.after(self.clock)
        room = self._room if self.pace.behind is not None else None
        sending = asyncio.create_task(
            send_all(self.api, lines, told=self._told, after=after, room=room)
        )
        while not sending.done():
            await self._look()
        await sending
        await self._until_through()

    async def _room(self) -> None:
        """Until dispatch has caught up, or nothing has changed for so long that it will not."""
        assert self.pace.behind is not None
        begun, most = time.monotonic(), self.pace.behind
        while self._follower.not_taken_up >= most and self._still.seconds < self.pace.quiet:
            self._looked.clear()
            await self._looked.wait()
        self._held_back += time.monotonic() - begun

    async def _until_through(self) -> None:
        begun, still = time.monotonic(), Still(self._changes)
        while await self._outstanding():
            await self._look()
            if still.seconds > self.pace.quiet:
                self._stopped = (
                    f"nothing has changed for {self.pace.quiet:g} s; `civicgrid status` and"
                    " `civicgrid held list` say what is stuck"
                )
                return
            if time.monotonic() - begun > self.pace.most:
                self._stopped = (
                    f"they have had {self.pace.most:g} s since the last was sent; --wait gives more"
                )
                return

    async def _outstanding(self) -> bool:
        """Cases that are open, but for those that wait for somebody who never acts; acts, ratings
        and reviews that are still to come. Nothing is only nothing when looked at once more."""
        if not self._counted():
            await self._people.look()
        return self._counted() > 0

    def _counted(self) -> int:
        said = self._reporters.outstanding + self._reviewers.outstanding
        return self._follower.open_besides(self._people.left) + self._people.outstanding + said

    def _changes(self) -> int:
        return self._follower.changes + self._agenda.done

    async def _look(self) -> None:
        begun = time.monotonic()
        await self._follower.look()
        self._looked.set()
        self.tell(self._progress)
        await rest(begun)

    def _told(self, sent: Sent) -> None:
        self._progress.sent += 1
        if sent.status == "waiting":
            self._reviewers.know(sent)
        else:
            self._decided(sent)

    def _decided(self, sent: Sent) -> None:
        self.sent.append(sent)
        if sent.case:
            self._progress.accepted += 1
            self._people.know(sent.case, sent.ref)
            self._reporters.know(sent)
            self._follower.add(sent.case)

    def _closed(self, row: Standing) -> None:
        self._ended.add(row["case"])
        self._progress.closed = len(self._ended)
        self._progress.first_closed = self._progress.first_closed or time.monotonic()
        self._reporters.closed(row)

    async def _outcome(self) -> Outcome:
        rows = [row for row in self._follower.standing.values() if row]
        figures = await self.api.get("dispatch", "/cases/figures", LOOKER)
        departments = [each for each in figures["assigned"] if each != POST]
        return Outcome(
            sent=[*self.sent, *self._reviewers.waiting.values()],
            waiting=self._follower.waiting(),
            figures=figures,
            notices=await notice_counts(self.api),
            refused_acts=self._agenda.refused,
            to_inbox=spread(await inbox_seconds(self.api, rows, departments, self.clock)),
            to_closed=spread(closed_after(rows, self.clock)),
            cases_per_second=per_second(rows, self.clock),
            acts_late=spread(self._agenda.late),
            not_taken_up=self._follower.not_taken_up,
            held_back=self._held_back,
            stopped=self._stopped,
        )


async def _beside(work: Coroutine[Any, Any, None], *others: Coroutine[Any, Any, None]) -> None:
    """Run ``others`` for as long as ``work`` takes; the first to fail ends all."""
    main = asyncio.create_task(work)
    tasks = [main, *(asyncio.create_task(each) for each in others)]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
