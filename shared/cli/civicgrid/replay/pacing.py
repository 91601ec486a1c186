"""How often a replay looks: it must not weigh on what it measures."""

import asyncio
import time

LEAST, MOST = 0.5, 5.0
SHARE = 0.1
"""Looking takes at most this share of the time, where the longest rest allows."""


async def rest(begun: float, share: float = SHARE) -> None:
    """Rest after a look that began then (by the monotonic clock), the longer the longer it took."""
    took = time.monotonic() - begun
    await asyncio.sleep(min(MOST, max(LEAST, took / share - took)))
