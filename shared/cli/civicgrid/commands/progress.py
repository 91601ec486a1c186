"""Progress, on standard error: bars on a terminal, a line every ten seconds in a log."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from civicgrid.replay.live import Progress
from civicgrid.show import errors, say

LINE_SECONDS = 10.0


class _Shown:
    """Named counts out of totals."""

    def __init__(self, total: int, *names: str) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=errors,
            disable=not errors.is_terminal,
        )
        self._tasks = [self._bars.add_task(name, total=total) for name in names]
        self._said = time.monotonic()

    def tell(self, *counts: tuple[int, int]) -> None:
        """Each as how many of how many."""
        for task, (done, total) in zip(self._tasks, counts, strict=True):
            self._bars.update(task, completed=done, total=total)
        if self._bars.disable and time.monotonic() - self._said >= LINE_SECONDS:
            self._say()

    def _say(self) -> None:
        self._said = time.monotonic()
        say("   ".join(self._line(task) for task in self._tasks))

    def _line(self, number: TaskID) -> str:
        task = self._bars.tasks[number]
        return f"{task.description} {task.completed:.0f}/{task.total:.0f}"

    def __enter__(self) -> "_Shown":
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()
        if self._bars.disable:
            self._say()


@contextmanager
def replay_progress(total: int) -> Iterator[Callable[[Progress], None]]:
    """Reports sent, and of their cases those closed."""
    with _Shown(total, "sent 上报", "closed 结案") as shown:

        def tell(progress: Progress) -> None:
            accepted = progress.accepted or total
            shown.tell((progress.sent, total), (progress.closed, accepted))

        yield tell


@contextmanager
def bulk_progress() -> Iterator[
    tuple[Callable[[int, int], None], Callable[[Mapping[str, Any]], None]]
]:
    """Bytes of a file sent, and lines of it that were taken."""
    with _Shown(1, "sent 发送", "lines 行") as shown:
        sent = [(0, 1)]

        def sending(done: int, total: int) -> None:
            sent[0] = (done, total)
            shown.tell(sent[0], (0, 1))

        def working(job: Mapping[str, Any]) -> None:
            shown.tell(sent[0], (job["read"], job["lines"]))

        yield sending, working


@contextmanager
def import_progress(total: int) -> Iterator[Callable[[int, int], None]]:
    """Lines imported, and cases that dispatch has."""
    with _Shown(total, "imported 导入", "with dispatch 入案") as shown:

        def tell(imported: int, cases: int) -> None:
            shown.tell((imported, total), (cases, total))

        yield tell
