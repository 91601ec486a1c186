"""What every deed needs: whose turn it is, in whose name one acts, and how."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from civicgrid.client import Api, As
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.lots import Lots
from civicgrid.replay.posts import Posts
from civicgrid.replay.scenario import Scenario

LOOKER = As("replay", "cases.read operate", "operator")
PERSON_SCOPE = "cases.verify cases.place"
SUPERVISOR_SCOPE = "cases.supervise"
ARBITER_SCOPE = "cases.arbitrate cases.verify"
APPROVER_SCOPE = "cases.approve"

Turn = dict[str, Any]


@dataclass
class Stage:
    """Where people act. ``attempt`` counts up when somebody was refused: another one tries."""

    api: Api
    agenda: Agenda
    scenario: Scenario
    posts: Posts
    lots: Lots

    async def who(self, turn: Turn, scope: str, attempt: int) -> As:
        """A person at their own desk, somebody of a department at its; else who supervises in the
        grid whose desk it is."""
        kind, _, where = turn["desk"].partition(":")
        if kind == "person":
            return As(where, scope)
        if kind == "department":
            return As(f"staff-of-{where}", "department", "department", where)
        return As(await self.posts.supervisor(where, attempt), scope)

    async def do(self, who: As, turn: Turn, what: str, body: dict[str, Any]) -> Any:
        """One act on the case; raises ApiError."""
        return await self.api.post("dispatch", f"/cases/{turn['case']}/{what}", body, who)

    async def state(self, case: str) -> dict[str, Any]:
        """The whole case, as one who may see everything sees it."""
        found: dict[str, Any] = await self.api.get("dispatch", f"/cases/{case}", LOOKER)
        return found

    async def still(self, turn: Turn) -> dict[str, Any] | None:
        """The case where it is still this turn of it; None where that is over."""
        state = await self.state(turn["case"])
        same = len(state["clocks"]) == turn["turn"] and state["status"] == turn["status"]
        return state if same else None


Deed = Callable[[Stage, Turn, int], Awaitable[None]]
"""What is done with a turn, at the so many-th attempt."""


def name_of(turn: Turn) -> str:
    """Names one thing that waits: the same however often it is seen, another once it is over."""
    return f"{turn['case']}:{turn['what']}:{turn['ref'] or turn['turn']}"
