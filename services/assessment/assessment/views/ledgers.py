"""The ledger of a span of time, from the stored facts."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from assessment.domain.ledger import Ledger, fold
from assessment.views.blocks import Blocks
from assessment.views.places import paths
from service_kit.mongo import Database


class Ledgers:
    """Makes one ledger at a time: a month of 100,000 cases takes some hundred megabytes."""

    def __init__(self, database: Database, blocks: Blocks) -> None:
        self._database, self._blocks = database, blocks
        self._one_at_a_time = asyncio.Lock()

    async def since(self, start: float) -> Ledger:
        """What may be counted of all that happened, or was due, from ``start`` on."""
        async with self._one_at_a_time:
            with _uncollected():
                rows = [row async for row in self._blocks.rows(start)]
                ledger = await asyncio.to_thread(fold, rows)
        await self._place(ledger)
        return ledger

    async def _place(self, ledger: Ledger) -> None:
        """Give a grid to the cases whose filing lies before ``start``."""
        unplaced = {c.case: c for c in ledger.cases if c.path is None}
        for case, path in (await paths(self._database, list(unplaced))).items():
            unplaced[case].path = path


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage while a million rows come: none of them is any, and looking
    through them again and again takes most of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
