"""A department's line is used only where the broker keeps our own user to its rights."""

import asyncio
from collections.abc import Mapping

import structlog

from gateway.adapters.lines import Line
from gateway.metrics import ISOLATED, LINE

log = structlog.get_logger()
BROKER_AWAY_SECONDS = 2.0
HOLE_SECONDS = 10.0


class Guard:
    """Asks the broker before a line is used, and again while it may not be."""

    def __init__(self) -> None:
        self._holes: dict[str, list[str]] = {}

    @property
    def holes(self) -> Mapping[str, list[str]]:
        """What our user may do in a department's vhost and must not."""
        return self._holes

    async def admit(self, department: str, line: Line) -> None:
        """Return when the line may be used."""
        while not await self._may_be_used(department, line):
            pause = HOLE_SECONDS if department in self._holes else BROKER_AWAY_SECONDS
            await asyncio.sleep(pause)

    def forget(self, department: str) -> None:
        """Its line is gone."""
        self._holes.pop(department, None)

    async def _may_be_used(self, department: str, line: Line) -> bool:
        try:
            found = await line.holes()
        except ConnectionError as error:
            log.warning("line_down", department=department, error=str(error))
            LINE.labels(department).set(0)
            return False
        ISOLATED.labels(department).set(0 if found else 1)
        if found:
            log.error("line_not_isolated", department=department, may=found)
            self._holes[department] = found
            return False
        self.forget(department)
        return True
