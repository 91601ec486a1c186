"""How far a change of the registry has come, told while one waits for it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TypeVar

from civicgrid.client import Api, ApiError, As

LOOK_SECONDS = 1.0
READER = As("operator", "registry.read", "operator")
T = TypeVar("T")


async def telling(api: Api, tell: Callable[[str], object], work: Awaitable[T]) -> T:
    """Await the work; every second ``tell`` what the registry is applying meanwhile."""
    looking = asyncio.create_task(_look(api, tell))
    try:
        return await work
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking


async def _look(api: Api, tell: Callable[[str], object]) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        with contextlib.suppress(ApiError):
            found = await api.get("registry", "/changes/under-way", READER)
            if found is not None:
                tell(f"published 已发布 {found['done']:,} / {found['steps']:,}")
