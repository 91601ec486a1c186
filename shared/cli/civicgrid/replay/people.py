"""The district's people, played through dispatch's API as they would use it themselves."""

import time
from typing import Any

from civicgrid.client import Api, ApiError, As
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.pacing import rest
from civicgrid.replay.posts import Posts
from civicgrid.replay.scenario import Habit, Scenario

LOOKER = As("replay", "cases.read operate", "operator")
PERSON_SCOPE = "cases.verify cases.place"
SUPERVISOR_SCOPE = "cases.supervise"
PERSON, SUPERVISOR = "person:", "supervisor:"

Turn = dict[str, Any]


class People:
    """Looks at whose turn it is, and lets them act after a while."""

    def __init__(self, api: Api, agenda: Agenda, scenario: Scenario, posts: Posts) -> None:
        self._api, self._agenda, self._scenario, self._posts = api, agenda, scenario, posts
        self._known: set[str] = set()

    async def run(self) -> None:
        """Look again and again."""
        while True:
            begun = time.monotonic()
            await self.look()
            await rest(begun)

    async def look(self) -> None:
        """One look at all desks of people; departments have people of their own."""
        for kind in ("person", "supervisor"):
            for turn in await self._api.get("dispatch", "/cases/turns", LOOKER, kind=kind):
                name = name_of(turn)
                if name not in self._known:
                    self._known.add(name)
                    self._plan(turn, name)

    def _plan(self, turn: Turn, name: str) -> None:
        delay = self._habit(turn).delay(self._scenario.random("when", name))
        if delay is None:
            return  # somebody who never does it: the case waits for them

        async def act() -> None:
            try:
                await self._act(turn)
            except ApiError:
                self._known.discard(name)
                raise

        self._agenda.after(delay, act)

    def _habit(self, turn: Turn) -> Habit:
        if turn["desk"].startswith(SUPERVISOR):
            return self._scenario.supervisors
        by_status = {"unplaced": self._scenario.placers, "verifying": self._scenario.verifiers}
        return by_status.get(turn["status"], self._scenario.handlers)

    async def _act(self, turn: Turn) -> None:
        who = await self._who(turn["desk"])
        case, status = turn["case"], turn["status"]
        if status == "unplaced":
            await self._post(who, case, "place", {"grid": await self._posts.some_grid(case)})
        elif status == "verifying":
            await self._post(who, case, "verification", self._word(turn))
        elif status == "lapsed":
            await self._post(who, case, "assignment", {"reason": "lapsed"})
        else:
            body = {"taskid": turn["taskid"], "evidence": [f"evidence:{turn['taskid']}"]}
            await self._post(who, case, "completion", body)

    def _word(self, turn: Turn) -> dict[str, Any]:
        """Passed, or sent back in the first round by the scenario's share."""
        chance = self._scenario.random("verify", turn["case"])
        failed = turn["round"] == 1 and chance.random() < self._scenario.verifiers.fail
        evidence = [f"evidence:{turn['taskid']}:checked-{turn['round']}"]
        return {"passed": not failed, "reason": "not_done", "evidence": evidence}

    async def _who(self, desk: str) -> As:
        if desk.startswith(PERSON):
            return As(desk.removeprefix(PERSON), PERSON_SCOPE)
        person = await self._posts.supervisor(desk.removeprefix(SUPERVISOR))
        return As(person, SUPERVISOR_SCOPE)

    async def _post(self, who: As, case: str, what: str, body: dict[str, Any]) -> None:
        await self._api.post("dispatch", f"/cases/{case}/{what}", body, who)


def name_of(turn: Turn) -> str:
    """Names one turn in a case: the same however often it is seen, another once it is over."""
    return f"{turn['case']}:{turn['status']}:{turn['turn']}"
