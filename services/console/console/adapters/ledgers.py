"""Every department's ledger, kept in memory and read on with each page.

Each reading is with the person's own token, so that a department that was cut off is refused here
within the second in which the gateway refuses it, whatever was read before.
"""

import asyncio
import time
from collections import defaultdict

from case_contracts.inbox import AnswerItem
from console.adapters.gateway import Gateway
from console.domain.ledger import Ledger

WAIT_SECONDS = 1.0


class Ledgers:
    def __init__(self) -> None:
        self._kept: dict[str, Ledger] = defaultdict(Ledger)
        self._reading: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def fresh(self, gateway: Gateway) -> Ledger:
        """With everything that is in the inbox by now; raises Refusal."""
        ledger = self._kept[gateway.department]
        async with self._reading[gateway.department]:
            while items := await gateway.inbox(ledger.after):
                for item in items:
                    ledger.take(item)
        return ledger

    async def answer(self, gateway: Gateway, command: str, seconds: float) -> AnswerItem | None:
        """The answer to a command, when it comes within that time; raises Refusal."""
        until = time.monotonic() + seconds
        while (found := (await self.fresh(gateway)).answers.get(command)) is None:
            if time.monotonic() >= until:
                return None
            await gateway.inbox(self._kept[gateway.department].after, WAIT_SECONDS)
        return found
