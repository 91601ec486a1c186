"""What the charter routes take and give."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from case_contracts.district import Origin
from case_contracts.events.registry import CharterProposed
from case_contracts.values import Ref

CharterId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:@/-]{1,140}$")]
Pattern = Annotated[str, Field(pattern=r"^[a-z0-9*?\[\]!/_-]{1,120}$")]
Power = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
PROPOSAL: dict[str, Any] = {
    "charter": "charter:urban-management:markets",
    "department": "urban-management",
    "matters": ["event/*"],
    "grid": "410199",
    "role": "support",
    "powers": ["inspect"],
    "rate": 80.0,
    "legal_basis": "Lanhe District list of powers 2026, no. 31",
    "valid_from": "2030-06-01T00:00:00+08:00",
}


class CharterProposal(BaseModel):
    """A charter entry as it is proposed. Without ``valid_from`` it takes effect when the second
    person approves it, otherwise then at the earliest. ``origin`` is where it was read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": PROPOSAL})

    charter: CharterId
    department: Ref
    matters: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=200)]
    grid: Ref
    role: Annotated[str, Field(pattern="^(lead|support)$")]
    powers: Annotated[tuple[Power, ...], Field(min_length=1, max_length=50)]
    rate: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    legal_basis: Annotated[str, Field(min_length=3, max_length=300, pattern=r"^\S[^\x00-\x1f]*$")]
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None
    origin: Origin | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "CharterProposal":
        start, end = self.valid_from, self.valid_to
        if start is not None and end is not None and end <= start:
            raise ValueError("valid_to: it would end before it begins")
        return self

    def wanted(self, charter: str, person: str) -> CharterProposed:
        """As the event; its version is counted when it is decided."""
        said = self.model_dump(exclude={"origin", "charter"})
        return CharterProposed(**said, charter=charter, version=1, proposed_by=person)


class Entry(BaseModel):
    """What an entry says."""

    model_config = ConfigDict(from_attributes=True)

    charter: str
    version: int
    department: str
    matters: list[str]
    grid: str
    role: str
    powers: list[str]
    rate: float | None
    legal_basis: str
    valid_from: datetime | None
    valid_to: datetime | None


class CharterRow(BaseModel):
    """An entry with the version that is in force, and the one that waits for approval."""

    charter: str
    in_force: Entry | None
    pending: Entry | None
    approved_by: list[str] = Field(description="who has approved the pending version so far")


class Word(BaseModel):
    """What somebody said, and when."""

    model_config = ConfigDict(from_attributes=True)

    by: str
    at: datetime


class CharterVersion(BaseModel):
    """One version and its way. ``state``: ``proposed``, ``rejected``, ``withdrawn``; and of a
    granted one ``to_come``, ``in_force`` or ``ended``.

    ``stands_from`` and ``stands_to`` are the times for which it really stands, or stood.
    """

    model_config = ConfigDict(from_attributes=True)

    state: str
    entry: Entry
    proposed: Word | None
    approvals: list[Word]
    rejected: Word | None
    granted: Word | None
    revoked: Word | None
    stands_from: datetime | None
    stands_to: datetime | None


class CharterFile(BaseModel):
    """All versions of an entry, the newest first."""

    charter: str
    versions: list[CharterVersion]


class AnswersFor(BaseModel):
    """The accountable post that a matter falls back to. Where a case lies deeper, the
    accountable post there comes first."""

    model_config = ConfigDict(from_attributes=True)

    grid: str
    posting: str
    person: str
    role: str


class UnledGround(BaseModel):
    """Matters that nobody leads anywhere on this ground (the grid with all below it)."""

    grid: str
    level: str
    matters: list[str]
    falls_back_to: AnswersFor | None
