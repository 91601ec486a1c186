"""The exact places of this district's recent cases, in this process's memory.

Filled at start from commits and the vault, kept fresh by what this process takes and by what
other replicas have committed since: a second later, so two alike reports that came at the same
moment through two replicas both open a case, and the sweep proposes the link.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta

import structlog

from case_contracts.events.intake import ReportReceived, ReportTriaged, ReportUnlinked, Said
from case_contracts.values import Point
from intake.adapters.vault import Vault
from intake.domain.duplicates import located
from intake.domain.rules import Rules
from intake.domain.world import World
from service_kit import clock
from service_kit.alike import Alike, Located, Nearby
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime
from service_kit.store.model import Commit

log = structlog.get_logger()
POLL_SECONDS = 1.0
PAGE = 100
"""Batches read at once at most, and entries of the vault."""
_OPENING: dict[str, type[Said]] = {
    event.SPEC.type: event for event in (ReportReceived, ReportTriaged, ReportUnlinked)
}


class Neighbours:
    """What lies near a report. ``fresh`` are the cases that the sweep has not looked at yet."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._index = Nearby()
        self._cursors: dict[str, int] = {}
        self.rules = Rules()
        self.fresh: list[Located] = []

    def __len__(self) -> int:
        return len(self._index)

    def alike(self, new: Located) -> list[Alike]:
        """Older reports within the district's rule for the matter, the most alike first."""
        rule = self.rules.duplicate(new.matter)
        return self._index.alike(new, rule.metres, rule.hours) if rule is not None else []

    def opened(self, place: Located | None) -> None:
        """A case was opened there."""
        if place is not None:
            self._index.add(place)
            self.fresh.append(place)

    def take_fresh(self) -> list[Located]:
        """What has been opened since this was asked last."""
        found, self.fresh = self.fresh, []
        return found

    def look_again(self, places: Sequence[Located]) -> None:
        """These could not be looked at: the sweep does so next time."""
        self.fresh[:0] = places

    async def run(self, runtime: Runtime) -> None:
        """Follow the other replicas, and the rules, for ever."""
        while True:
            try:
                world: World = await runtime.load_world()
                self.rules = world.rules
                await self.follow(runtime)
            except UNKNOWN_OUTCOME as error:
                log.warning("neighbours_wait", error=type(error).__name__)
            await asyncio.sleep(POLL_SECONDS)

    async def follow(self, runtime: Runtime) -> None:
        """Read what each writer has published since: of one seen first, as far back as any rule
        reaches. This process's own reports are known already."""
        own = runtime.committer.writer
        oldest = clock.now() - timedelta(hours=self.rules.longest_hours)
        async for row in runtime.database["writers"].find({}, {"sent": 1}):
            writer, sent = row["_id"], row["sent"]
            if writer == own.id:
                self._cursors[writer] = sent
            elif writer not in self._cursors:
                await self._read_back(runtime, writer, sent, oldest.timestamp())
                self._cursors[writer] = sent
            elif self._cursors[writer] < sent:
                await self._read_on(runtime, writer, self._cursors[writer], sent)
                self._cursors[writer] = sent

    def forget(self) -> None:
        """Drop what no rule reaches any longer."""
        oldest = clock.now() - timedelta(hours=self.rules.longest_hours)
        self._index.forget(oldest.timestamp())

    async def _read_on(self, runtime: Runtime, writer: str, after: int, sent: int) -> None:
        for first in range(after + 1, sent + 1, PAGE):
            last = min(first + PAGE - 1, sent)
            await self.learn(await runtime.committer.commits.of_writer(writer, first, last))

    async def _read_back(self, runtime: Runtime, writer: str, sent: int, oldest: float) -> None:
        """In growing steps: of a writer that ended long ago, as most have, one batch tells so."""
        last, size = sent, 1
        while last > 0:
            first = max(last - size + 1, 1)
            found = await runtime.committer.commits.of_writer(writer, first, last)
            await self.learn(found)
            if any(commit.at.timestamp() < oldest for commit in found):
                return
            last, size = first - 1, min(size * 10, PAGE)

    async def learn(self, commits: Iterable[Commit]) -> None:
        """The cases that these commits open, at their exact places."""
        said = [
            model.model_validate(event.data)
            for commit in commits
            for event in commit.events
            if (model := _OPENING.get(event.type)) is not None
        ]
        opening = [each for each in said if each.filing is not None and each.point is not None]
        for start in range(0, len(opening), PAGE):
            page = opening[start : start + PAGE]
            for each, point in zip(page, await self._points(page), strict=True):
                self.opened(located(each, point))

    async def _points(self, said: Sequence[Said]) -> list[Point | None]:
        entries = await self._vault.of_reports([each.report for each in said])
        return [entries[each.report].point if each.report in entries else None for each in said]
