"""The registry's grids: the outlines that are the map, and the district's name."""

import gzip
import time
from collections.abc import Sequence
from typing import Any

import orjson

from console.adapters.asking import Peer, Refusal
from console.domain.outline import district_name, outlined


class Territory:
    """Kept for ``seconds``, since it changes seldom and is asked for with every map. While the
    registry does not answer, what was known last is shown."""

    def __init__(self, registry: Peer, levels: Sequence[str], seconds: float) -> None:
        self._registry, self._levels, self._seconds = registry, tuple(levels), seconds
        self._read_at: float | None = None
        self.names: dict[str, str] = {}
        self.outlines = b""

    async def fresh(self) -> "Territory":
        """Itself, read anew where it is old."""
        now = time.monotonic()
        if self._read_at is None or now - self._read_at > self._seconds:
            try:
                await self._read()
                self._read_at = now
            except Refusal:
                if self.outlines:
                    self._read_at = now
        return self

    async def _read(self) -> None:
        features: list[dict[str, Any]] = []
        for level in self._levels:
            answer = await self._registry.ask("GET", "/grids/export", params={"level": level})
            features += answer.json()["features"]
        self.names = district_name(features)
        drawn = {"type": "FeatureCollection", "features": [outlined(each) for each in features]}
        self.outlines = gzip.compress(orjson.dumps(drawn), mtime=0) if features else b""
