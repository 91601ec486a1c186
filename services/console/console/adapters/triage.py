"""Reports that wait for a reviewer, asked of intake with their own token."""

from dataclasses import dataclass
from typing import Any

import orjson

from console.adapters.asking import Peer
from console.views.triage_told import Queue, Whole


@dataclass(frozen=True)
class Triage:
    """Every method raises Refusal."""

    intake: Peer

    async def queue(self) -> Queue:
        answer = await self.intake.ask("GET", "/triage", params={"limit": 100})
        return Queue.model_validate_json(answer.content)

    async def one(self, report: str) -> Whole:
        """With its words; the look is written down there."""
        return Whole.model_validate_json(
            (await self.intake.ask("GET", f"/triage/{report}")).content
        )

    async def judge(self, report: str, body: dict[str, Any], key: str) -> None:
        """``key``: sent again with the same body, it is one word."""
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        await self.intake.ask(
            "POST", f"/triage/{report}", content=orjson.dumps(body), headers=headers
        )
