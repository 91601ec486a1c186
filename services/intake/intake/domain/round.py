"""The round: how often whom or what one plans to visit (走访计划)."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import RoundEnded, RoundPlanned
from intake.domain.deciding import Deciding


class RoundState(BaseModel):
    """The plan's newest version, with its end as decided last; None until it was planned."""

    model_config = ConfigDict(frozen=True)

    round: str
    plan: RoundPlanned | None = None

    @property
    def version(self) -> int:
        return self.plan.version if self.plan else 0


class RoundAggregate(Deciding[RoundState]):
    """Planned, perhaps planned anew, and ended."""

    kind, schema, state = "round", 1, RoundState

    def initial(self, aggregate: str) -> RoundState:
        return RoundState(round=aggregate)

    def evolve(self, state: RoundState, event: EventData) -> RoundState:
        if isinstance(event, RoundPlanned):
            return RoundState(round=event.round, plan=event)
        assert isinstance(event, RoundEnded)
        assert state.plan is not None
        ended = state.plan.model_copy(update={"valid_to": event.valid_to})
        return RoundState(round=event.round, plan=ended)

    def fields(self, state: RoundState) -> Mapping[str, Any]:
        return {}
