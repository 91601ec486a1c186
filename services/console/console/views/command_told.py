"""What the services tell the command centre; what is new in their answers is ignored."""

from datetime import date, datetime

from pydantic import BaseModel

from case_contracts.values import Instant


class GridFigures(BaseModel):
    grid: str
    below: bool
    open: int
    late: int
    paused: int
    verifying: int
    opened: int
    closed: int


class DepartmentFigures(BaseModel):
    department: str
    open: int
    late: int


class Ground(BaseModel):
    """How a grid stands, and those directly below it."""

    at: Instant
    path: list[str]
    whole: GridFigures
    grids: list[GridFigures]
    departments: list[DepartmentFigures]


class Standing(BaseModel):
    case: str
    matter: str
    grid: str


class Called(BaseModel):
    department: str
    presence: str
    on_time: bool | None = None


class Operation(BaseModel):
    """An operation under way."""

    operation: str
    case: str
    grid: str
    lead: str
    convened_at: datetime
    arrive_by: datetime
    units: list[Called]

    @property
    def arrived(self) -> int:
        return sum(unit.presence in ("arrived", "signed_off") for unit in self.units)


class Rate(BaseModel):
    indicator: str
    rate: float | None
    numerator: int
    denominator: int


class Score(BaseModel):
    """A department's or a grid's figures of the month."""

    subject: str
    figures: list[Rate]

    def of(self, indicator: str) -> Rate | None:
        return next((each for each in self.figures if each.indicator == indicator), None)


class Day(BaseModel):
    day: date
    opened: int
    closed_in_time: int
    closed_late: int
