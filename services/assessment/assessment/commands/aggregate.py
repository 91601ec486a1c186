"""The aggregate of assessment: one subject's score for one month."""

from collections.abc import Mapping
from typing import Any

from assessment.commands.publish_score import PeriodState, PublishScore, decide
from assessment.domain.scores import month_key
from case_contracts.events.assessment import ScorePublished
from case_contracts.events.base import EventData
from service_kit.store import Context, Decision


class PeriodAggregate:
    kind = "period"
    schema = 1
    state = PeriodState

    def initial(self, aggregate: str) -> PeriodState:
        return PeriodState()

    def evolve(self, state: PeriodState, event: EventData) -> PeriodState:
        return PeriodState(published=event) if isinstance(event, ScorePublished) else state

    def decide(self, state: PeriodState, command: PublishScore, context: Context) -> Decision:
        return decide(state, command, context)

    def fields(self, state: PeriodState) -> Mapping[str, Any]:
        """``published``: the month and kind that this is one score of."""
        score = state.published
        return {} if score is None else {"published": month_key(score.period, score.subject_kind)}
