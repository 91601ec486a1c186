"""How many files are on their way at once: whoever reads slowly holds up no other department."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from service_kit.errors import TooMany, Unavailable

EACH, ALL = 8, 64
"""A department's, and all together: words for inboxes go over the same connections to intake."""
AFTER_SECONDS = 2


class Room:
    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    @contextmanager
    def place(self, department: str) -> Iterator[None]:
        """For one file, as long as the block lasts. Raises TooMany where the department has no
        place left, Unavailable where nobody has."""
        if self._taken[department] >= EACH:
            raise TooMany(f"{EACH} files of yours are on their way", after=AFTER_SECONDS)
        if self._taken.total() >= ALL:
            raise Unavailable("too many files are on their way just now; try again shortly")
        self._taken[department] += 1
        try:
            yield
        finally:
            self._taken[department] -= 1
