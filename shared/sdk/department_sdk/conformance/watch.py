"""Whether the event loop stands still, and where."""

import asyncio
import sys
import threading
import time
import traceback
from pathlib import Path
from types import FrameType, TracebackType

TICK_SECONDS = 0.05
OURS = ("asyncio", "department_sdk", "uvloop")


class LoopWatch:
    """While entered: the longest time for which the loop did not turn, and in which line.

    Counted in the ticks of a thread, so that a machine that is slow as a whole is not taken for a
    loop that is blocked.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.where = ""
        self._still = 0
        self._done = threading.Event()
        self._loop_thread = threading.get_ident()

    async def __aenter__(self) -> "LoopWatch":
        self._turning = asyncio.create_task(self._turn())
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._turning.cancel()
        self._done.set()
        await asyncio.to_thread(self._thread.join)

    async def _turn(self) -> None:
        while True:
            self._still = 0
            await asyncio.sleep(TICK_SECONDS / 2)

    def _look(self) -> None:
        while not self._done.is_set():
            time.sleep(TICK_SECONDS)
            self._still += 1
            seconds = self._still * TICK_SECONDS
            if seconds > self.longest:
                self.longest = seconds
                self.where = _line(sys._current_frames().get(self._loop_thread)) or self.where


def _line(frame: FrameType | None) -> str:
    """The innermost line that is neither ours nor the standard library's."""
    library = str(Path(asyncio.__file__).parents[1])
    for step in reversed(traceback.extract_stack(frame)):
        parts = Path(step.filename).parts
        ours = any(part in OURS for part in parts)
        if not ours and (not step.filename.startswith(library) or "site-packages" in parts):
            return f"{Path(step.filename).name}:{step.lineno}"
    return ""
