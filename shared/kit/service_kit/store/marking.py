"""Moving the watermark beside the batches: what is published need not wait until it is noted.

While one move is under way, and for a moment after it, further batches go on; the next move covers
them all. A process that dies leaves a few batches more above the watermark, which its take-over
publishes once more.
"""

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from service_kit.mongo import PyMongoError
from service_kit.store.faults import reach
from service_kit.store.writers import LeaseLost, Writer

log = structlog.get_logger()
MOST_BEHIND = 16
"""Batches that may be published and not noted: what a take-over has to publish again at most."""
REST_SECONDS = 0.05
"""Between two moves, so that a stream of small batches is not doubled by as many small writes."""
AGAIN_SECONDS = 0.2


class Marker:
    """Keeps the watermark of this process's present writer behind what it has published."""

    def __init__(self, writer: Callable[[], Writer]) -> None:
        self._writer = writer
        self._published, self._moved = asyncio.Event(), asyncio.Event()
        self._awaited = asyncio.Event()

    def published(self) -> None:
        """A batch of the present writer is confirmed."""
        self._published.set()

    async def room(self) -> None:
        """Wait while too much is published and not noted."""
        while _behind(self._writer()) >= MOST_BEHIND:
            await self._next_move()

    async def caught_up(self) -> None:
        """Wait until all that the present writer has published is noted, or it is lost."""
        while _behind(self._writer()):
            await self._next_move()

    async def run(self) -> None:
        """Move the watermark whenever it is behind, for ever."""
        while True:
            self._published.clear()
            self._awaited.clear()
            writer = self._writer()
            if _behind(writer):
                await self._move(writer)
                await self._rest()
            else:
                self._moved.set()  # whoever waits looks again: the writer may be lost meanwhile
                await self._published.wait()

    async def _move(self, writer: Writer) -> None:
        try:
            await writer.move_watermark(writer.published)
            reach("after_watermark")
        except LeaseLost:
            writer.give_up()
        except PyMongoError as error:
            log.warning("watermark_not_moved", writer=writer.id, error=type(error).__name__)
            await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self._moved.set()

    async def _rest(self) -> None:
        """Unless somebody waits for the next move. Not by ``wait_for``: Python 3.11's may lose a
        cancellation."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REST_SECONDS):
                await self._awaited.wait()

    async def _next_move(self) -> None:
        self._moved.clear()
        self._awaited.set()
        self._published.set()
        await self._moved.wait()


def _behind(writer: Writer) -> int:
    """Batches published and not noted; of a writer that is lost none, they are its take-over's."""
    return 0 if writer.lost else writer.published - writer.sent
