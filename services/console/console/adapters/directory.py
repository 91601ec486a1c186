"""The registry's names, kept for a while: every page of staff needs them."""

import asyncio
import time
from typing import Any

from console.adapters.asking import Peer, Refusal
from console.domain.names import Names, names_of

PAGE = 1000


class Directory:
    """Asked anew after ``seconds``; while the registry does not answer, what it said last."""

    def __init__(self, registry: Peer, seconds: float) -> None:
        self._registry, self._seconds = registry, seconds
        self._read_at: float | None = None
        self._reading = asyncio.Lock()
        self._names = Names()

    async def names(self) -> Names:
        """Raises Refusal where the registry has not answered yet."""
        async with self._reading:
            old = self._read_at is None or time.monotonic() - self._read_at > self._seconds
            if old or not self._names.grids:
                await self._renew()
        return self._names

    async def _renew(self) -> None:
        try:
            self._names = await self._read()
        except Refusal:
            if self._read_at is None:
                raise
        self._read_at = time.monotonic()

    async def _read(self) -> Names:
        grids: list[dict[str, Any]] = []
        while True:
            after = {"after": grids[-1]["grid"]} if grids else {}
            page = await self._rows("/grids", limit=PAGE, **after)
            grids += page
            if len(page) < PAGE:
                break
        return names_of(grids, await self._rows("/standards"), await self._rows("/departments"))

    async def _rows(self, path: str, **query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self._registry.ask("GET", path, params=query)).json()
        return found
