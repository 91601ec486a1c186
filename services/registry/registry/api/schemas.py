"""What the API takes and gives beside the events' own payloads."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from case_contracts.district import DistrictError
from case_contracts.events.registry import CharterGranted
from case_contracts.values import Ref, Text
from service_kit.grids import GridNear


def example(value: Any) -> dict[str, Any]:
    """The OpenAPI part that shows ``value`` as an example of a JSON answer."""
    return {"content": {"application/json": {"example": value}}}


class Problem(BaseModel):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    retry: bool


class FieldProblem(BaseModel):
    """A field of the request that is missing or not valid."""

    field: str
    message: str
    kind: str


class DistrictProblem(Problem):
    """Why a district or a change was refused: everything that is wrong, by file and line; or
    the request's own fields, where it could not even be read."""

    errors: list[DistrictError | FieldProblem] = []
    warnings: list[DistrictError] = []
    map: str | None = None


class GridHitOut(BaseModel):
    """A grid that a place lies in; ``path`` are the grids above it, from the root down.

    ``share`` and ``rank`` are given where grids near the place were asked for as well.
    """

    model_config = ConfigDict(from_attributes=True)

    grid: str
    level: str
    path: list[str]
    on_border: bool
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    rank: Annotated[int, Field(ge=1)] | None = None

    @classmethod
    def near(cls, found: GridNear) -> "GridHitOut":
        """A candidate near a place."""
        hit = {**vars(cls.model_validate(found.hit)), "share": found.share, "rank": found.rank}
        return cls(**hit)


class GridBrief(BaseModel):
    """A grid without its outline."""

    model_config = ConfigDict(from_attributes=True)

    grid: str
    level: str
    parent: str | None
    path: list[str]
    name: Text
    households: int | None
    valid_from: datetime
    valid_to: datetime | None


class ChargeOut(BaseModel):
    """A charter entry that applies, and why: the pattern that fits, the ground, the basis."""

    charter: str
    version: int
    department: str
    pattern: str
    ground: str
    powers: list[str]
    rate: float | None
    legal_basis: str

    @classmethod
    def of(cls, charter: CharterGranted, pattern: str) -> "ChargeOut":
        given = charter.model_dump(include=set(cls.model_fields))
        return cls(**given, pattern=pattern, ground=charter.grid)


class Considered(BaseModel):
    """An entry that does not apply, and why: ``proposed`` only, ``not_yet`` (``at``: from when),
    ``ended`` (``at``: when), ``other_ground``, ``other_matter``."""

    model_config = ConfigDict(from_attributes=True)

    charter: str
    version: int
    department: str
    role: str
    why: str
    at: datetime | None = None


class Explanation(BaseModel):
    """Who answers for a matter on a grid's ground. Without a lead the grid itself does.

    ``considered`` are entries whose matters or ground fit, and that still do not apply.
    """

    matter: str
    grid: str
    path: list[str]
    at: datetime
    lead: ChargeOut | None
    support: list[ChargeOut]
    fallback: str | None
    considered: list[Considered] = []


class Revocation(BaseModel):
    """Why, and which two people approved it. Without ``valid_to`` it ends at once."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "reason": "tasks handed to the water authority by decision 2026-17",
                "approved_by": ["p-000001", "p-000002"],
                "valid_to": "2026-06-01T00:00:00+08:00",
            }
        },
    )

    reason: Annotated[str, Field(min_length=1, max_length=300)]
    approved_by: Annotated[tuple[Ref, ...], Field(min_length=2, max_length=8)]
    valid_to: AwareDatetime | None = None


class AuditActor(BaseModel):
    id: str
    kind: str
    on_behalf_of: str | None
    purpose: str | None


class AuditEvent(BaseModel):
    id: str
    type: str
    sequence: int
    occurredat: datetime
    data: dict[str, Any]


class AuditRow(BaseModel):
    """One commit: who did what and when; ``hash`` covers it and, by ``prev_hash``, all before."""

    model_config = ConfigDict(from_attributes=True)

    version: int
    at: datetime
    handler: str
    cause_id: str
    actor: Annotated[AuditActor, Field()]
    events: list[AuditEvent]
    prev_hash: str
    hash: str
