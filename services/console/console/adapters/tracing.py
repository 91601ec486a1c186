"""Everything that the services know of one case, for an operator: as they say it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from console.adapters.asking import Peer, Refusal


@dataclass(frozen=True)
class Said:
    """What one service answered, as JSON to be read; or the code with which it refused."""

    service: str
    what: str
    text: str = ""
    failed: str = ""


async def trace(peer: Callable[[str], Peer], case: str) -> list[Said]:
    """In the order in which a case goes through the services; a service that fails is said."""
    filed, state, clock, timeline = await asyncio.gather(
        _ask(peer, "intake", f"/cases/{case}"),
        _ask(peer, "dispatch", f"/cases/{case}"),
        _ask(peer, "dispatch", f"/cases/{case}/clock"),
        _ask(peer, "dispatch", f"/cases/{case}/timeline"),
    )
    found = _found(state)
    asked = [_ask(peer, "joint", "/operations", case=case)]
    if found.get("grid") and found.get("matter"):
        query = {"matter": found["matter"], "grid": found["grid"]}
        asked.append(_ask(peer, "registry", "/charters/explain", **query))
    if found.get("task"):
        asked.append(_ask(peer, "gateway", "/items", about=found["task"]["id"]))
    reports = _found(filed).get("reports", [])
    asked += [_ask(peer, "notification", f"/notices/{report}") for report in reports]
    rest = await asyncio.gather(*asked)
    return [said for said, _ in (filed, state, clock, timeline, *rest)]


def _found(answer: tuple[Said, Any]) -> dict[str, Any]:
    return answer[1] if isinstance(answer[1], dict) else {}


async def _ask(
    peer: Callable[[str], Peer], service: str, path: str, **query: Any
) -> tuple[Said, Any]:
    what = f"GET {path}"
    try:
        found = (await peer(service).ask("GET", path, params=query)).json()
    except Refusal as refusal:
        return Said(service, what, failed=f"{refusal.status} {refusal.code}"), None
    return Said(service, what, orjson.dumps(found, option=orjson.OPT_INDENT_2).decode()), found
