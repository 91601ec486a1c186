"""Call-backs (回访), asked of intake with an operator's own token."""

from dataclasses import dataclass
from typing import Any

import orjson

from console.adapters.asking import JSON, Peer
from console.views.callbacks_told import Calls, Claimed, Result

PAGE = 50


@dataclass(frozen=True)
class Callbacks:
    """Every method raises Refusal."""

    intake: Peer

    async def queue(self, cursor: str) -> Calls:
        """Never a number."""
        query = {"limit": PAGE, **({"cursor": cursor} if cursor else {})}
        answer = await self.intake.ask("GET", "/callbacks", params=query)
        return Calls.model_validate_json(answer.content)

    async def claim(self, callback: str) -> Claimed:
        """The call in hand and its number; the look is written down there, each time."""
        answer = await self.intake.ask("POST", f"/callbacks/{callback}/claim")
        return Claimed.model_validate_json(answer.content)

    async def result(self, callback: str, body: dict[str, Any]) -> Result:
        """The same word sent again is taken once."""
        sent = orjson.dumps(body)
        answer = await self.intake.ask(
            "POST", f"/callbacks/{callback}/result", content=sent, headers=JSON
        )
        return Result.model_validate_json(answer.content)
