"""What can be reported, kept for a moment: every page of a report asks for it."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from console.adapters.asking import Refusal
from console.adapters.intake import Intake
from console.domain.services import Definition, Service
from service_kit.language import Language

SECONDS, MOST = 60.0, 500
T = TypeVar("T")


class Offer:
    """Asked anew after a minute. Where intake does not answer then, what it said last is shown: a
    form that somebody has filled in can be shown to them again."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, Language], tuple[float, object]] = {}

    async def services(self, intake: Intake, language: Language) -> list[Service]:
        """Raises Refusal."""
        return await self._known(("", language), lambda: intake.services(language))

    async def definition(self, intake: Intake, code: str, language: Language) -> Definition:
        """Raises Refusal."""
        return await self._known((code, language), lambda: intake.definition(code, language))

    async def _known(self, key: tuple[str, Language], ask: Callable[[], Awaitable[T]]) -> T:
        now, held = time.monotonic(), self._kept.get(key)
        if held is not None and now - held[0] <= SECONDS:
            return cast(T, held[1])
        try:
            found = await ask()
        except Refusal as refusal:
            if held is None or refusal.status == 404:
                raise
            return cast(T, held[1])
        self._keep(key, now, found)
        return found

    def _keep(self, key: tuple[str, Language], now: float, found: object) -> None:
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (now, found)
