"""The single queue of a process: what waits for the committer."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from service_kit.errors import Unavailable
from service_kit.store.model import Pending, Work

BATCH_SIZE = 64


def keys_of(work: Work) -> set[Any]:
    """What no two of a batch have in common: the aggregate, and what is handled of which cause."""
    return {work.aggregate, (work.handler, work.cause)}


class Waiting:
    """Work in the order in which it came; what has to be done again goes to the front."""

    def __init__(self) -> None:
        self._queue: deque[Pending] = deque()

    def __len__(self) -> int:
        return len(self._queue)

    def put(self, pending: Pending) -> None:
        self._queue.append(pending)

    def put_back(self, pendings: Sequence[Pending]) -> None:
        """To the front, as far as nobody has been told of its end."""
        self._queue.extendleft(p for p in reversed(pendings) if not p.published.done())

    def take(self, busy: Iterable[Any], most: int = BATCH_SIZE) -> list[Pending]:
        """What is there, up to ``most``; one per aggregate and cause, the others go first next
        time, and so do those for aggregates and causes that are busy.

        What was in a batch that broke is taken alone, so that it takes no others along: into an
        empty batch, of which it leaves nothing.
        """
        if self._queue[0].failures:
            return [self._queue.popleft()] if most == BATCH_SIZE else []
        taken: list[Pending] = []
        later: list[Pending] = []
        seen: set[Any] = set(busy)
        while self._queue and len(taken) < most and len(later) < BATCH_SIZE:
            pending = self._queue.popleft()
            keys = keys_of(pending.work)
            (later if seen & keys or pending.failures else taken).append(pending)
            seen |= keys
        self._queue.extendleft(reversed(later))
        return taken

    def fail(self) -> None:
        """Tell everybody that nothing will come of it here."""
        while self._queue:
            self._queue.popleft().fail(Unavailable("this process is stopping; try again"))
