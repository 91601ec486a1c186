"""What is held on a member of staff, as they see it."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from case_contracts.values import Point, Ref, Shift, Text
from intake.api.visit_schemas import VisitRow

Role = Literal["by", "receiver"]


class HeldPost(BaseModel):
    """A post, as intake heard of it from the registry; ``shifts`` say when one can be located."""

    posting: Ref
    role: Ref
    grid: Ref
    shifts: list[Shift]
    since: datetime
    until: datetime | None


class HeldGroup(BaseModel):
    """A contact group that one visits."""

    group: Ref
    grid: Ref
    since: datetime
    until: datetime | None


class HeldVisit(BaseModel):
    """A visit with its note; null where there is none or it was erased."""

    visit: VisitRow
    note: str | None


class HeldCheckin(BaseModel):
    """A check-in; ``point`` and ``kept_until`` are null when its 30 days are over."""

    checkin: Ref
    posting: Ref
    grid: Ref
    inside: bool
    checked_in_at: datetime
    point: Point | None
    kept_until: datetime | None


class HeldReport(BaseModel):
    """A report that one made (``by``) or took first and answered for (``receiver``)."""

    report: Ref
    case: Ref
    matter: str
    reported_at: datetime
    roles: list[Role]


class Looked(BaseModel):
    """Somebody looked at the coordinates of a check-in, or read or erased a visit's note."""

    at: datetime
    who: Ref
    kind: str
    what: str
    subject: Ref
    purpose: str


class Elsewhere(BaseModel):
    """What another service holds, and where to ask for it."""

    service: str
    what: Text
    where: str


class MyData(BaseModel):
    """All that intake holds on the caller of one year, in the district's zone. Posts and groups
    are of all years: their times tell which years to ask for."""

    person: Ref
    year: int
    since: datetime
    until: datetime
    posts: list[HeldPost]
    groups: list[HeldGroup]
    visits: list[HeldVisit]
    checkins: list[HeldCheckin]
    reports: list[HeldReport]
    looked_at: list[Looked]
    elsewhere: list[Elsewhere]


ELSEWHERE = [
    Elsewhere(
        service="registry",
        what=Text(zh="岗位、班次、下沉、分管与工作交割（履职档案）",
                  en="Posts, shifts, secondments, portfolios and hand-overs"),
        where="GET /persons/{person}/service",
    ),
    Elsewhere(
        service="dispatch",
        what=Text(zh="派给本人岗位的任务及其办理过程",
                  en="Tasks given to one's posts, and their course"),
        where="GET /cases/{case}",
    ),
    Elsewhere(
        service="assessment",
        what=Text(zh="考核得分及其依据的每一事件", en="Scores, and every event behind them"),
        where="GET /scores",
    ),
]  # fmt: skip
