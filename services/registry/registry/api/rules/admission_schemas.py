"""What the routes of admissions and commitments take and give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from case_contracts.events.registry import CommitmentPublished, MatterProposed, Promise
from case_contracts.values import Instant, MatterCode, Ref, Text
from registry.api.rules.schemas import Words, strict


class ProposalIn(BaseModel):
    """A matter that grid workers are to be sent, by a department.

    ``department`` may be left out by its own staff. An ``urgent`` one needs ``valid_to``.
    """

    model_config = strict(
        {"matter": "event/appearance/litter", "department": "urban-management", "urgent": False}
    )

    matter: MatterCode
    department: Ref | None = None
    urgent: bool = False
    valid_from: Instant | None = None
    valid_to: Instant | None = None
    reason: Annotated[str, Field(min_length=1, max_length=300)] | None = None


class ReviewIn(BaseModel):
    """What a reviewer says of a proposal: the named one, or the one that is open."""

    model_config = strict({"verdict": "admit"})

    verdict: Literal["admit", "refuse"]
    proposal: Ref | None = None
    reason: Annotated[str, Field(min_length=1, max_length=300)] | None = None


class WithdrawalIn(BaseModel):
    """Why, and from when on; without ``valid_to`` at once."""

    model_config = strict({"reason": "too many tasks per worker, decision 2026-21"})

    reason: Annotated[str, Field(min_length=1, max_length=300)]
    valid_to: Instant | None = None


ADMITTED = {
    "matter": "event/appearance/litter",
    "name": {"zh": "暴露垃圾", "en": "Litter"},
    "department": "urban-management",
    "department_name": {"zh": "城市管理局", "en": "Urban Management"},
    "urgent": False,
    "since": "2026-01-01T00:00:00Z",
    "until": None,
}


class AdmittedOut(BaseModel):
    """What grid workers may be asked to do; ``until`` null: for good."""

    model_config = ConfigDict(from_attributes=True)

    matter: str
    name: Text
    department: str
    department_name: Text
    urgent: bool
    since: datetime
    until: datetime | None


class ReviewOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    reviewed_by: str
    verdict: str


class ProposalOut(BaseModel):
    """A proposed admission; ``state``: open, admitted, refused or lapsed."""

    proposal: str
    matter: str
    name: Text
    department: str
    proposed_by: str
    urgent: bool
    valid_from: datetime | None
    valid_to: datetime | None
    state: str
    needed: int
    reviews: list[ReviewOut]


PROPOSED = {
    **{k: v for k, v in MatterProposed.EXAMPLE.items() if k != "proposal"},
    "proposal": "proposal:77c0",
    "name": {"zh": "暴露垃圾", "en": "Litter"},
    "state": "open",
    "needed": 2,
    "reviews": [{"reviewed_by": "p-000002", "verdict": "admit"}],
}


class CommitmentIn(BaseModel):
    """A department's promises of a year; sent again they replace those sent before."""

    model_config = strict(CommitmentPublished.EXAMPLE)

    department: Ref | None = None
    year: Annotated[int, Field(ge=2000, le=2999)]
    promises: Annotated[tuple[Promise, ...], Field(min_length=1, max_length=100)]


class PromiseOut(BaseModel):
    """A promise, with the indicator's name and the whole in a sentence."""

    indicator: str
    indicator_name: Text
    matters: str
    at_least: float | None
    at_most: float | None
    words: Words


class CommitmentOut(BaseModel):
    department: str
    department_name: Text
    year: int
    promises: list[PromiseOut]


COMMITTED = {
    "department": "urban-management",
    "department_name": {"zh": "城市管理局", "en": "Urban Management"},
    "year": 2026,
    "promises": [
        {
            "indicator": "on_time",
            "indicator_name": {"zh": "按期处置率", "en": "Handled on time"},
            "matters": "part/*",
            "at_least": 0.95,
            "at_most": None,
            "words": {
                "zh": "按期处置率不低于0.95（part/*）",
                "en": "Handled on time at least 0.95 (part/*)",
            },
        }
    ],
}
