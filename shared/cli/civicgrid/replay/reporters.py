"""The reporters who answer when their case is closed, played through their receipts."""

from collections.abc import Awaitable, Callable

from civicgrid.client import Api, ApiError
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.follow import Follower, Standing
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import Sent

TRIES = 20
AGAIN_MINUTES = 5.0


class Reporters:
    """Each rates at most once, and of those who dissent some insist when their case, which was
    opened again, is closed a second time."""

    def __init__(self, api: Api, agenda: Agenda, scenario: Scenario) -> None:
        self._api, self._agenda, self._scenario = api, agenda, scenario
        self._receipts: dict[str, str] = {}
        self._dissenting: set[str] = set()
        self._asked: set[tuple[str, str]] = set()
        self.follower: Follower | None = None
        self.outstanding, self.rated, self.dissents = 0, 0, 0

    def know(self, sent: Sent) -> None:
        """Remember the receipt of a report."""
        if sent.case and sent.receipt:
            self._receipts[sent.case] = sent.receipt

    def closed(self, row: Standing) -> None:
        """Their case was closed: some will say something after a while."""
        case = row["case"]
        receipt = self._receipts.get(case)
        if receipt is not None and not row["reopened"]:
            self._rate(case, receipt)
        elif receipt is not None and row["reopened"] == 1 and case in self._dissenting:
            self._insist(case, receipt)

    def _rate(self, case: str, receipt: str) -> None:
        habit, chance = self._scenario.reporters, self._scenario.random("rate", case)
        answers, delay = chance.random() < habit.rate, habit.delay(chance)
        if not answers or delay is None:
            return
        solved = chance.random() >= habit.dissent
        score = chance.choice((4, 5, 5)) if solved else chance.choice((1, 2))

        async def act() -> None:
            body = {"solved": solved, "score": score}
            await self._api.post("intake", f"/track/{receipt}/rating", body)
            self._given(case, solved)

        self._once("rate", case, delay, act)

    def _insist(self, case: str, receipt: str) -> None:
        habit, chance = self._scenario.reporters, self._scenario.random("insist", case)
        insists, delay = chance.random() < habit.insist, habit.delay(chance)
        if not insists or delay is None:
            return

        async def act() -> None:
            await self._api.post("intake", f"/track/{receipt}/reopening", {"reason": "not_done"})
            if self.follower is not None:
                self.follower.expect_decided(case)

        self._once("insist", case, delay, act)

    def _given(self, case: str, solved: bool) -> None:
        self.rated += 1
        if not solved:
            self.dissents += 1
            self._dissenting.add(case)
            if self.follower is not None:
                self.follower.expect_reopened(case)

    def _once(self, what: str, case: str, delay: float, act: Callable[[], Awaitable[None]]) -> None:
        if (what, case) not in self._asked:
            self._asked.add((what, case))
            self.outstanding += 1
            self._later(delay, act, TRIES)

    def _later(self, minutes: float, act: Callable[[], Awaitable[None]], tries: int) -> None:
        async def attempt() -> None:
            try:
                await act()
            except ApiError as error:
                # Intake hears of the closing a moment after dispatch has decided it.
                if tries and error.status == 409:
                    self._later(AGAIN_MINUTES, act, tries - 1)
                    return
                self.outstanding -= 1
                raise
            self.outstanding -= 1

        self._agenda.after(minutes, attempt)
