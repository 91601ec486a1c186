"""An operation (联合执法行动): several departments on one case, under one lead."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from case_contracts.values import About


class Status(StrEnum):
    """``unknown``: no whistle was blown under this id."""

    UNKNOWN = "unknown"
    OPEN = "open"
    CONCLUDED = "concluded"


class Presence(StrEnum):
    """Where a called unit stands."""

    INVITED = "invited"
    JOINED = "joined"
    DECLINED = "declined"
    ARRIVED = "arrived"
    SIGNED_OFF = "signed_off"


class Unit(BaseModel):
    """A called department. ``on_time``: it arrived within the limit; null before it arrives."""

    model_config = ConfigDict(frozen=True)

    department: str
    presence: Presence = Presence.INVITED
    arrived_at: datetime | None = None
    on_time: bool | None = None
    reason: str | None = None


class OperationState(BaseModel):
    """``units`` are the called departments, the lead first."""

    model_config = ConfigDict(frozen=True)

    operation: str
    status: Status = Status.UNKNOWN
    case: str | None = None
    taskid: str | None = None
    grid: str | None = None
    lead: str | None = None
    about: About | None = None
    convened_at: datetime | None = None
    arrive_by: datetime | None = None
    concluded_at: datetime | None = None
    units: tuple[Unit, ...] = ()

    def unit(self, department: str) -> Unit | None:
        return next((u for u in self.units if u.department == department), None)

    def with_unit(self, changed: Unit) -> "OperationState":
        """The same operation with this unit in its place, or added."""
        others = [u for u in self.units if u.department != changed.department]
        position = next(
            (i for i, u in enumerate(self.units) if u.department == changed.department),
            len(others),
        )
        units = (*others[:position], changed, *others[position:])
        return self.model_copy(update={"units": units})
