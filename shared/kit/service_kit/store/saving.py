"""What is stored of a batch beside its commits: the views, and the rows of facts."""

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from service_kit.store.commits import is_spared
from service_kit.store.deciding import read_on
from service_kit.store.inserting import Done, Inserting
from service_kit.store.model import Loaded

if TYPE_CHECKING:
    from service_kit.store.committer import Committer


class Saving:
    """For one batch; a write of which the outcome is unknown is done again until it is known."""

    def __init__(self, committer: "Committer", inserting: Inserting) -> None:
        self._c, self._inserting = committer, inserting

    async def save(self, done: Done) -> None:
        """The views and rows of all of these are there when this returns."""
        by_kind: dict[str, list[Loaded[Any]]] = defaultdict(list)
        for candidate, outcome in done:
            if not outcome.repeated:
                by_kind[candidate.aggregate.kind].append(candidate.evolved())
        for item in await self._left_behind(done):
            await self._until_known(read_on, self._c, item)
            by_kind[self._c.aggregate_of(item.aggregate).kind].append(item)
        await asyncio.gather(
            self._keep_rows(done),
            *(
                self._until_known(self._c.views.save, self._c.aggregates[kind], items)
                for kind, items in by_kind.items()
            ),
        )

    async def _left_behind(self, done: Done) -> list[Loaded[Any]]:
        """What was handled before and is not in its view: whoever committed it may have died
        before that. Asked in one query, since devices send again what they have sent."""
        repeated: dict[str, list[tuple[Loaded[Any], int]]] = defaultdict(list)
        for candidate, outcome in done:
            behind_it = outcome.repeated and outcome.commit.version > candidate.loaded.version
            if behind_it and not is_spared(candidate.aggregate, outcome.commit):
                pair = candidate.loaded, outcome.commit.version
                repeated[candidate.aggregate.kind].append(pair)
        behind: list[Loaded[Any]] = []
        for kind, pairs in repeated.items():
            ids = [item.aggregate for item, _ in pairs]
            known = await self._until_known(self._c.views.versions, self._c.aggregates[kind], ids)
            behind += [item for item, version in pairs if known.get(item.aggregate, 0) < version]
        return behind

    async def _keep_rows(self, done: Done) -> None:
        rows = [
            row
            for candidate, outcome in done
            if not outcome.repeated
            for row in self._c.kept.beside(outcome.commit, candidate.decided)
        ]
        await self._until_known(self._c.kept.save, self._c.database, rows)

    async def _until_known(self, operation: Any, *arguments: Any) -> Any:
        return await self._inserting.until_known(lambda: operation(*arguments))
