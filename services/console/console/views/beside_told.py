"""What the other services say of a case: reports, evidence, operations, notices."""

from datetime import datetime

from pydantic import BaseModel

from console.views.told import Text


class Report(BaseModel):
    """A report behind the case: by which channel and when, never by whom."""

    report: str
    channel: str
    reported_at: datetime
    withdrawn: bool
    linked: bool


class Evidence(BaseModel):
    """A photo, film or paper; ``phase`` is report, before or after the work."""

    evidence: str
    phase: str
    kind: str
    format: str
    attached_at: datetime
    taken_at: datetime | None
    taskid: str | None
    same_as: list[dict[str, object]]


class Unit(BaseModel):
    department: str
    presence: str
    arrived_at: datetime | None
    on_time: bool | None
    reason: str | None


class Operation(BaseModel):
    operation: str
    status: str
    lead: str
    convened_at: datetime
    arrive_by: datetime
    concluded_at: datetime | None
    units: list[Unit]


class Notice(BaseModel):
    kind: str
    channel: str
    outcome: str
    at: datetime


class Point(BaseModel):
    lon: float
    lat: float


class Words(BaseModel):
    """What the reporter wrote, and the exact place."""

    text: str | None
    point: Point | None


class Purpose(BaseModel):
    """What somebody may look for."""

    purpose: str
    name: Text
