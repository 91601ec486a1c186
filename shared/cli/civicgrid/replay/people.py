"""The district's people, played through dispatch's API as they would use it themselves."""

import time
from collections import Counter
from datetime import datetime

from civicgrid.client import Api, ApiError
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.deeds.stage import LOOKER, Stage, Turn, name_of
from civicgrid.replay.desks import Row, rows
from civicgrid.replay.follow import OVER
from civicgrid.replay.lots import Lots
from civicgrid.replay.pacing import SHARE, rest
from civicgrid.replay.posts import Posts
from civicgrid.replay.scenario import Scenario

PATIENCE = (0.0, 0.0, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Real seconds until somebody tries what one was refused, by how often; then nobody does any more.
A service that was started anew may need them until it sees again what has happened."""

BESIDE = ("relief", "voiding", "slip", "emergency")
"""What waits beside the turn of a case, which goes on meanwhile."""


class People:
    """Looks at what waits for whom, and lets them act after a while."""

    def __init__(self, api: Api, agenda: Agenda, scenario: Scenario, posts: Posts) -> None:
        self._api, self._agenda, self._scenario = api, agenda, scenario
        self._lots = Lots(scenario.seed, steady=scenario.steady)
        self._stage = Stage(api, agenda, scenario, posts, self._lots)
        self._known: set[str] = set()
        self._attempts: Counter[str] = Counter()
        self._not_before: dict[str, float] = {}
        self._undone: set[str] = set()
        self._never: set[str] = set()
        self.left: set[str] = set()

    def know(self, case: str, ref: str) -> None:
        """From which report a case comes."""
        self._lots.know(case, ref)

    @property
    def outstanding(self) -> int:
        """Acts that are still to come."""
        return len(self._undone)

    async def run(self, share: float = SHARE) -> None:
        """Look again and again, for this share of the time at most."""
        while True:
            begun = time.monotonic()
            await self.look()
            await rest(begun, share)

    async def look(self) -> None:
        """One look at all desks. ``left`` are then the cases that wait for somebody who never
        acts, or whom nobody lets act."""
        turns = await self._api.get("dispatch", "/cases/turns", LOOKER)
        there: set[str] = set()
        for turn in turns:
            for number, row in enumerate(rows(turn["desk"], turn["what"], turn["matter"])):
                name = f"{name_of(turn)}:{number}"
                there.add(name)
                self._see(turn, row, name)
        # What was done and waits again is new: a task that lapses twice before it is accepted.
        self._known &= there
        # An answer that nobody gives waits in a case that is over: its end is still to be seen.
        open_turns = [turn for turn in turns if turn["status"] not in OVER]
        waiting = [turn for turn in open_turns if turn["what"] not in BESIDE]
        self.left = {turn["case"] for turn in waiting if name_of(turn) in self._never}

    def _see(self, turn: Turn, row: Row, name: str) -> None:
        if name in self._known or (row.after_limit and not self._past(turn)):
            return
        if time.monotonic() < self._not_before.get(name, 0.0):
            return
        self._known.add(name)
        delay = self._delay(turn, row)
        if delay is not None:
            self._plan(turn, row, name, delay * row.part)
        elif not (row.moves_on or row.beside):
            self._never.add(name_of(turn))

    def _delay(self, turn: Turn, row: Row) -> float | None:
        """Minutes from now; None: they do not act."""
        habit, about = row.habit(self._scenario), name_of(turn)
        delay = habit.delay(self._scenario.random("when", about))
        late = self._stage.lots.happens(f"late:{turn['what']}", about, habit.late)
        if delay is None or not late or turn["due_at"] is None or row.after_limit:
            return delay
        return None if row.moves_on else delay + max(0.0, self._minutes_left(turn))

    def _plan(self, turn: Turn, row: Row, name: str, delay: float) -> None:
        self._undone.add(name)

        async def act() -> None:
            try:
                await row.deed(self._stage, turn, self._attempts[name])
            except ApiError:
                self._refused(turn, row, name)
                raise
            finally:
                self._undone.discard(name)

        self._agenda.after(delay, act)

    def _refused(self, turn: Turn, row: Row, name: str) -> None:
        """Somebody else tries, if it still waits; where that is in vain it is left."""
        if row.beside:
            return
        refused = self._attempts[name]
        self._attempts[name] += 1
        if refused < len(PATIENCE):
            self._not_before[name] = time.monotonic() + PATIENCE[refused]
            self._known.discard(name)
        else:
            self._never.add(name_of(turn))

    def _past(self, turn: Turn) -> bool:
        return turn["due_at"] is not None and self._minutes_left(turn) < 0

    def _minutes_left(self, turn: Turn) -> float:
        left = datetime.fromisoformat(turn["due_at"]) - self._agenda.clock.now()
        return left.total_seconds() / 60
