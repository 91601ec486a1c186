"""Whether the event loop stands still, and where."""

import asyncio
import sys
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType

TICK_SECONDS = 0.05
OURS = ("asyncio", "department_sdk", "uvloop")


class LoopWatch:
    """The ``longest`` time for which the loop did not turn, in seconds, and ``where``.

    Counted in the ticks of a thread, so that a machine that is slow as a whole is not taken for a
    loop that is blocked.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.where = ""
        self._still = 0
        self._loop_thread = threading.get_ident()

    async def turn(self) -> None:
        """Run in the loop, for ever."""
        while True:
            self._still = 0
            await asyncio.sleep(TICK_SECONDS / 2)

    def look(self, done: threading.Event) -> None:
        """Run in a thread, until it is done."""
        while not done.wait(TICK_SECONDS):
            self._still += 1
            seconds = self._still * TICK_SECONDS
            if seconds > self.longest:
                self.longest = seconds
                self.where = _line(sys._current_frames().get(self._loop_thread)) or self.where


@asynccontextmanager
async def watched_loop() -> AsyncIterator[LoopWatch]:
    """Watch the running loop while the block lasts."""
    watch, done = LoopWatch(), threading.Event()
    turning = asyncio.create_task(watch.turn())
    looking = threading.Thread(target=watch.look, args=(done,), daemon=True)
    looking.start()
    try:
        yield watch
    finally:
        turning.cancel()
        done.set()
        await asyncio.to_thread(looking.join)


def _line(frame: FrameType | None) -> str:
    """The innermost line that is neither ours nor the standard library's."""
    library = str(Path(asyncio.__file__).parents[1])
    for step in reversed(traceback.extract_stack(frame)):
        parts = Path(step.filename).parts
        ours = any(part in OURS for part in parts)
        if not ours and (not step.filename.startswith(library) or "site-packages" in parts):
            return f"{Path(step.filename).name}:{step.lineno}"
    return ""
