"""How often a replay looks, which must not weigh on what it measures; how long nothing changes."""

import asyncio
import time
from collections.abc import Callable

LEAST, MOST = 0.5, 5.0
SHARE = 0.1
"""Looking takes at most this share of the time, where the longest rest allows."""


async def rest(begun: float, share: float = SHARE) -> None:
    """Rest after a look that began then (by the monotonic clock), the longer the longer it took."""
    took = time.monotonic() - begun
    await asyncio.sleep(min(MOST, max(LEAST, took / share - took)))


class Still:
    """For how long a count has stood still."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count, self._last, self._since = count, count(), time.monotonic()

    @property
    def seconds(self) -> float:
        """Real seconds since it was last seen to change."""
        if self._count() != self._last:
            self._last, self._since = self._count(), time.monotonic()
        return time.monotonic() - self._since
