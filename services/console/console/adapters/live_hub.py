"""From one stream of hints to every open page, each with a queue that cannot grow without end."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from console.domain.live import Audience, Hint

MOST_WAITING = 200
MOST_LISTENERS = 2000
MOST_REMEMBERED = 500


class Full(Exception):
    """So many pages listen that no more can."""


@dataclass
class News:
    """What a page is told at once. ``live``: whether events come; ``reload``: some were left
    out."""

    live: bool
    hints: list[dict[str, Any]]
    reload: bool


@dataclass(eq=False)
class Ear:
    """One page that listens. What waits for it is bounded: where more comes, it is told to load
    everything anew instead."""

    audience: Audience
    live: bool
    _waiting: list[dict[str, Any]] = field(default_factory=list)
    _lost: bool = False
    _rung: asyncio.Event = field(default_factory=asyncio.Event)

    def offer(self, hint: Hint) -> None:
        told = self.audience.of(hint)
        if told is None or (not told and told in self._waiting) or self._lost:
            return
        if len(self._waiting) >= MOST_WAITING:
            self._waiting, self._lost = [], True
        else:
            self._waiting.append(told)
        self._rung.set()

    def is_live(self, live: bool) -> None:
        """Events come or do not; what was missed in between nobody knows, so load anew."""
        self._lost |= live and not self.live
        self.live = live
        self._rung.set()

    def ring(self) -> None:
        """Wake whoever waits, with nothing to tell."""
        self._rung.set()

    async def news(self, seconds: float) -> News | None:
        """What there is, as soon as there is something; None after so many seconds without."""
        try:
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        except TimeoutError:
            return None
        self._rung.clear()
        found = News(self.live, self._waiting, self._lost)
        self._waiting, self._lost = [], False
        return found


class Hub:
    """All pages that listen to this process, and the last hints for those that open later."""

    def __init__(self) -> None:
        self.live = False
        self.closed = False
        self.last: deque[Hint] = deque(maxlen=MOST_REMEMBERED)
        self._ears: set[Ear] = set()

    @contextmanager
    def listening(self, audience: Audience) -> Iterator[Ear]:
        """While the page is open; raises Full."""
        if len(self._ears) >= MOST_LISTENERS:
            raise Full
        ear = Ear(audience, self.live)
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    def tell(self, hint: Hint) -> None:
        self.last.append(hint)
        for ear in self._ears:
            ear.offer(hint)

    def set_live(self, live: bool) -> None:
        if live == self.live:
            return
        self.live = live
        for ear in self._ears:
            ear.is_live(live)

    def close(self) -> None:
        """Let go of all pages, which come back by themselves: the process is to end."""
        self.closed = True
        for ear in self._ears:
            ear.ring()

    @property
    def listeners(self) -> int:
        return len(self._ears)
