"""Following one case until it is so far."""

import asyncio
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from civicgrid.client import Api, ApiError, As
from civicgrid.local import LocalError
from civicgrid.tracing_view import waits_for

READER = As("operator", "cases.read", "operator")
LOOK_SECONDS = 0.5
NOT_FOUND = 404


class Until(StrEnum):
    """How far a case is: given to a department, its work done, checked and over."""

    ASSIGNED = "assigned"
    HANDLED = "handled"
    CLOSED = "closed"


REACHED = {
    Until.ASSIGNED: frozenset({"assigned", "accepted", "lapsed", "verifying", "closed"}),
    Until.HANDLED: frozenset({"verifying", "closed"}),
    Until.CLOSED: frozenset({"closed"}),
}


async def follow(
    api: Api, case: str, until: Until, seconds: float, tell: Callable[[str], None], *, verify: bool
) -> None:
    """Tell each change of the case until it is so far; raises LocalError where it takes longer.

    ``verify``: pass the work in the verifier's name, as one can in a local run.
    """
    end, last = time.monotonic() + seconds, ""
    while True:
        state = await _state(api, case)
        now = f"{state['status']}: waits for {waits_for(state)}" if state else "on its way"
        if now != last:
            tell(now)
            last = now
        if state.get("status") in REACHED[until]:
            return
        if verify and state.get("status") == "verifying":
            await _pass(api, case, state["verification"]["verifier"]["person"])
        if time.monotonic() > end:
            raise LocalError(
                f"{case} is not {until} after {seconds:g} s: {now}", "see: civicgrid trace"
            )
        await asyncio.sleep(LOOK_SECONDS)


async def _state(api: Api, case: str) -> dict[str, Any]:
    """Empty while dispatch has not heard of it."""
    try:
        found: dict[str, Any] = await api.get("dispatch", f"/cases/{case}", READER)
    except ApiError as error:
        if error.status != NOT_FOUND:
            raise
        return {}
    return found


async def _pass(api: Api, case: str, verifier: str) -> None:
    """The handler's evidence shows that the closing condition is met."""
    body = {"passed": True, "confirms": True}
    who = As(verifier, "cases.verify")
    await api.post("dispatch", f"/cases/{case}/verification", body, who, key=f"verify:{case}")
