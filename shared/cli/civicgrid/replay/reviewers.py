"""The reviewers who decide what no rule could file, played through intake's queue."""

from collections.abc import Callable
from dataclasses import replace

from civicgrid.client import Api, As
from civicgrid.replay.agenda import Agenda
from civicgrid.replay.scenario import Scenario
from civicgrid.replay.send import Sent

REVIEWER = As("replay-reviewer", "triage.decide")


class Reviewers:
    """Each waiting report is looked at after a while: filed under a condition of the matter that
    was said, or, where none was, rejected. ``told`` hears what became of it."""

    def __init__(
        self, api: Api, agenda: Agenda, scenario: Scenario, told: Callable[[Sent], None]
    ) -> None:
        self._api, self._agenda, self._scenario, self._told = api, agenda, scenario, told
        self.waiting: dict[str, Sent] = {}
        self._planned = 0

    @property
    def outstanding(self) -> int:
        """Reports that somebody is still going to decide."""
        return self._planned

    def know(self, sent: Sent) -> None:
        """A report waits for a reviewer."""
        report = sent.report
        assert report is not None
        self.waiting[report] = sent
        delay = self._scenario.reviewers.delay(self._scenario.random("review", sent.ref))
        if delay is None:
            return  # a reviewer who never comes: the report waits for them
        self._planned += 1

        async def act() -> None:
            try:
                await self._decide(report)
            finally:
                self._planned -= 1

        self._agenda.after(delay, act)

    async def _decide(self, report: str) -> None:
        seen = await self._api.get("intake", f"/triage/{report}", REVIEWER)
        choice = self._scenario.random("condition", self.waiting[report].ref)
        choices = [each["condition"] for each in seen["choices"]]
        body = (
            {"matter": seen["matter"], "condition": choice.choice(choices)}
            if choices
            else {"reject": "not_understandable"}
        )
        judged = await self._api.post("intake", f"/triage/{report}", body, REVIEWER)
        status = "received" if judged["case"] else "rejected"
        sent = self.waiting.pop(report)
        self._told(replace(sent, status=status, case=judged["case"], reason=judged["reason"]))
