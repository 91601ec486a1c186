"""How the services stand, asked of each by an operator."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from console.adapters.asking import Peer, Refusal
from console.domain.exposition import figures

SECONDS = 3.0


@dataclass(frozen=True)
class Standing:
    """A service as it answers now. ``wrong`` are its checks that are not in order, ``beside`` what
    is not in order without hindering it; None where it does not measure something."""

    name: str
    state: Literal["ready", "not_ready", "away"]
    wrong: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    lag: int | None = None
    held: int | None = None


class HeldRow(BaseModel):
    """A message that a service could not handle; ``body`` only where it was asked for alone."""

    model_config = ConfigDict(extra="ignore")

    id: str = Field(validation_alias="_id")
    status: str
    queue: str
    key: str = ""
    event: str | None = None
    reason: str
    attempts: int
    body: str = ""


_HELD = TypeAdapter(list[HeldRow])


@dataclass(frozen=True)
class HeldOf:
    """What one service holds; ``failed`` where it did not say."""

    service: str
    rows: Sequence[HeldRow] = ()
    failed: str = ""


async def standing(http: httpx.AsyncClient, name: str, base: str) -> Standing:
    """Of one service. Neither page needs a right, both are on the inner network only."""
    try:
        ready, metrics = await asyncio.gather(
            http.get(f"{base}/readyz", timeout=SECONDS),
            http.get(f"{base}/metrics", timeout=SECONDS),
        )
        said, measured = ready.json(), figures(metrics.text)
    except (httpx.HTTPError, ValueError):
        return Standing(name, "away")
    checks = said.get("checks", {})
    return Standing(
        name,
        "ready" if ready.is_success else "not_ready",
        {key: str(state) for key, state in checks.items() if state != "ok"},
        {key: str(state) for key, state in (said.get("details") or {}).items()},
        int(measured["lag"]) if "lag" in measured else None,
        int(measured["held"]) if "held" in measured else None,
    )


async def held_of(peer: Peer, service: str) -> HeldOf:
    try:
        answer = await peer.ask("GET", "/held")
        return HeldOf(service, _HELD.validate_json(answer.content))
    except (Refusal, ValidationError) as error:
        return HeldOf(service, failed=error.code if isinstance(error, Refusal) else "unreadable")


async def held_one(peer: Peer, held: str) -> HeldRow:
    """With its body; raises Refusal."""
    answer = await peer.ask("GET", f"/held/{quote(held, safe='')}")
    return HeldRow.model_validate_json(answer.content)


async def replay(peer: Peer, held: str) -> None:
    await peer.ask("POST", f"/held/{quote(held, safe='')}/replay")


async def drop(peer: Peer, held: str) -> None:
    await peer.ask("DELETE", f"/held/{quote(held, safe='')}")
