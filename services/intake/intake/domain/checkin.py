"""The check-in: on shift, at a time, inside the post's grid or not. Without coordinates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import CheckinRecorded
from intake.domain.deciding import Deciding


class CheckinState(BaseModel):
    """Empty until it was recorded."""

    model_config = ConfigDict(frozen=True)

    checkin: str
    person: str = ""
    posting: str = ""
    grid: str = ""
    grid_path: tuple[str, ...] = ()
    inside: bool = False
    checked_in_at: datetime | None = None


class CheckinAggregate(Deciding[CheckinState]):
    """Recorded once; looked up by person and time."""

    kind, schema, state = "checkin", 1, CheckinState

    def initial(self, aggregate: str) -> CheckinState:
        return CheckinState(checkin=aggregate)

    def evolve(self, state: CheckinState, event: EventData) -> CheckinState:
        assert isinstance(event, CheckinRecorded)
        return CheckinState(
            checkin=event.checkin,
            person=event.person,
            posting=event.posting,
            grid=event.grid,
            grid_path=event.grid_path,
            inside=event.inside,
            checked_in_at=event.checked_in_at,
        )

    def fields(self, state: CheckinState) -> Mapping[str, Any]:
        return {"person": state.person, "at": state.checked_in_at}
