"""The reporters who answer when their case is closed, played through their receipts."""

from civicgrid.client import Api, ApiError
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.follow import Follower, Standing
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import Sent

TRIES = 20
AGAIN_MINUTES = 5.0


class Reporters:
    """Each rates at most once: a case that was open again is not rated anew."""

    def __init__(self, api: Api, agenda: Agenda, scenario: Scenario) -> None:
        self._api, self._agenda, self._scenario = api, agenda, scenario
        self._receipts: dict[str, str] = {}
        self.follower: Follower | None = None
        self.planned, self.rated, self.dissents = 0, 0, 0

    def know(self, sent: Sent) -> None:
        """Remember the receipt of a report."""
        if sent.case and sent.receipt:
            self._receipts[sent.case] = sent.receipt

    def closed(self, row: Standing) -> None:
        """Their case was closed: some will rate it after a while."""
        receipt = self._receipts.get(row["case"])
        habit, chance = self._scenario.reporters, self._scenario.random("rate", row["case"])
        answers = chance.random() < habit.rate
        delay = habit.delay(chance)
        if receipt is None or row["reopened"] or not answers or delay is None:
            return
        solved = chance.random() >= habit.dissent
        score = chance.choice((4, 5, 5)) if solved else chance.choice((1, 2))
        self.planned += 1
        self._later(delay, row["case"], receipt, {"solved": solved, "score": score}, TRIES)

    @property
    def outstanding(self) -> int:
        """Ratings that are still to be given."""
        return self.planned - self.rated

    def _later(
        self, minutes: float, case: str, receipt: str, rating: dict[str, object], tries: int
    ) -> None:
        async def act() -> None:
            try:
                await self._api.post("intake", f"/track/{receipt}/rating", rating)
            except ApiError as error:
                # Intake hears of the closing a moment after dispatch has decided it.
                if tries and error.status == 409:
                    self._later(AGAIN_MINUTES, case, receipt, rating, tries - 1)
                    return
                self.planned -= 1
                raise
            self._given(case, bool(rating["solved"]))

        self._agenda.after(minutes, act)

    def _given(self, case: str, solved: bool) -> None:
        self.rated += 1
        if not solved:
            self.dissents += 1
            if self.follower is not None:
                self.follower.expect_reopened(case)
