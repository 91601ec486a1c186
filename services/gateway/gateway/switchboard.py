"""Opens a line when a department gets an address, and closes it when the address goes."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

import structlog
from pydantic import SecretStr

from gateway.adapters.addresses import Addresses
from gateway.adapters.lines import Line, Lines

log = structlog.get_logger()
LOOK_SECONDS = 1.0
AGAIN_SECONDS = 2.0
HANG_UP_SECONDS = 20.0

Opener = Callable[[], Line]
"""A fresh line of one department; it connects when it is first used."""
Serve = Callable[[str, Opener], Awaitable[None]]
Serving = asyncio.Task[None]


class Switchboard:
    """Looks at the addresses each second. A changed address (another password, another broker)
    closes the line and opens it anew: what was not confirmed or acknowledged comes again."""

    def __init__(self, lines: Lines, serve: Serve) -> None:
        """``serve`` uses a department's line until it is cancelled."""
        self._lines, self._serve = lines, serve
        self._open: dict[str, tuple[SecretStr, Serving]] = {}
        self._leaving: dict[str, Serving] = {}

    async def run(self) -> None:
        """Until cancelled; then every line is closed."""
        try:
            while True:
                self._follow(self._lines.look())
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._hang_up(list(self._open))
            if self._leaving:
                await asyncio.wait(self._leaving.values(), timeout=HANG_UP_SECONDS)

    def _follow(self, wanted: Addresses) -> None:
        self._hang_up([d for d, (address, _) in self._open.items() if wanted.get(d) != address])
        for department in sorted(wanted.keys() - self._open.keys()):
            serving = asyncio.create_task(self._attend(department, wanted[department]))
            self._open[department] = (wanted[department], serving)
            log.info("line_opened", department=department)

    def _hang_up(self, departments: Iterable[str]) -> None:
        for department in departments:
            _, serving = self._open.pop(department)
            serving.cancel()
            self._leaving[department] = serving
            log.info("line_closed", department=department)

    async def _attend(self, department: str, address: SecretStr) -> None:
        """Serve, after an earlier line of the department has been left; a fault of ours in one
        department stops no other."""
        before = self._leaving.pop(department, None)
        if before is not None:
            await asyncio.wait([before], timeout=HANG_UP_SECONDS)
        while True:
            try:
                await self._serve(department, partial(self._lines.open, department, address))
            except Exception:
                log.exception("line_failed", department=department)
            await asyncio.sleep(AGAIN_SECONDS)
