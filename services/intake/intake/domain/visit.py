"""The visit: a call on a place or a contact group, and what came of it (走访、民情日记)."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import VisitLogged
from intake.domain.deciding import Deciding


class VisitState(BaseModel):
    """``logged`` is all there is to know of it, but for its note; None until it was logged."""

    model_config = ConfigDict(frozen=True)

    visit: str
    logged: VisitLogged | None = None


class VisitAggregate(Deciding[VisitState]):
    """Logged once. ``ground`` is its grid with those above it: who stands above sees it."""

    kind, schema, state = "visit", 1, VisitState

    def initial(self, aggregate: str) -> VisitState:
        return VisitState(visit=aggregate)

    def evolve(self, state: VisitState, event: EventData) -> VisitState:
        assert isinstance(event, VisitLogged)
        return VisitState(visit=event.visit, logged=event)

    def fields(self, state: VisitState) -> Mapping[str, Any]:
        logged = state.logged
        if logged is None:
            return {}
        return {
            "person": logged.person,
            "grid": logged.grid,
            "group": logged.group,
            "ground": [*logged.grid_path, logged.grid],
            "at": logged.visited_at,
            "kind": logged.kind.value,
        }
