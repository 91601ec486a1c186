"""What is stored of a batch beside its commits: the views, and the rows of facts."""

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from service_kit.store.deciding import read_on
from service_kit.store.inserting import Done, Inserting
from service_kit.store.kept import Row
from service_kit.store.model import Loaded
from service_kit.store.views import is_spared, is_stored

if TYPE_CHECKING:
    from service_kit.store.committer import Committer


class Saving:
    """For one batch; a write of which the outcome is unknown is done again until it is known."""

    def __init__(self, committer: "Committer", inserting: Inserting) -> None:
        self._c, self._inserting = committer, inserting

    async def save(self, done: Done) -> None:
        """The views and rows of all of these are there when this returns: at once where there is
        nothing to store, so that whoever waits is answered before anything else is begun."""
        stored: dict[str, list[Loaded[Any]]] = defaultdict(list)
        for candidate, outcome in done:
            if not outcome.repeated and is_stored(candidate.aggregate, item := candidate.evolved()):
                stored[candidate.aggregate.kind].append(item)
        for item in await self._left_behind(done):
            await self._until_known(read_on, self._c, item)
            if is_stored(aggregate := self._c.aggregate_of(item.aggregate), item):
                stored[aggregate.kind].append(item)
        writes = [
            self._until_known(self._c.views.store, self._c.aggregates[kind], items)
            for kind, items in stored.items()
        ]
        if rows := self._rows(done):
            writes.append(self._until_known(self._c.kept.save, self._c.database, rows))
        if writes:
            await asyncio.gather(*writes)

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

    def _rows(self, done: Done) -> list[Row]:
        return [
            row
            for candidate, outcome in done
            if not outcome.repeated
            for row in self._c.kept.beside(outcome.commit, candidate.decided)
        ]

    async def _until_known(self, operation: Any, *arguments: Any) -> Any:
        return await self._inserting.until_known(lambda: operation(*arguments))
