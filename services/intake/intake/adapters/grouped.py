"""Many small writes as few large ones."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
BATCH_SIZE = 128
Write = Callable[[Sequence[T]], Awaitable[None]]


class Grouped(Generic[T]):
    """Takes what is there, writes it in one go, then tells everybody who gave something."""

    def __init__(self, write: Write[T]) -> None:
        self._write = write
        self._queue: list[tuple[T, asyncio.Future[None]]] = []
        self._arrived = asyncio.Event()

    def put(self, item: T) -> "asyncio.Future[None]":
        """Done when the item is written; raises what its group's write raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((item, done))
        self._arrived.set()
        return done

    async def run(self) -> None:
        """Write for ever."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                group, self._queue = self._queue[:BATCH_SIZE], self._queue[BATCH_SIZE:]
                await self._one(group)

    async def _one(self, group: Sequence[tuple[T, "asyncio.Future[None]"]]) -> None:
        error: Exception | None = None
        try:
            await self._write([item for item, _ in group])
        except Exception as raised:  # told to everybody who waits
            error = raised
        for _, done in group:
            if done.cancelled():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
