"""What a receipt shows, and what its holder may send."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.events.intake import Rejection
from case_contracts.values import Limit, Text
from intake.adapters.entry import Contact
from intake.api.schemas import In, Words
from intake.domain.progress import Answering, Step
from intake.domain.rights import Objection, Right, Withdrawal
from intake.domain.wish import WishAnswer

Status = Literal[
    "received", "waiting", "rejected", "in_progress", "closed", "voided", "withdrawn"
]  # fmt: skip
FEW = 5
"""Fewer other reporters than this are not counted out: it could be told who they are."""


class StepOut(BaseModel):
    """One of the seven steps; ``at`` when it was done with, null while it is not."""

    step: Step
    name: Text
    at: datetime | None


class LimitOut(BaseModel):
    """The time that the standard gives for the work, and what it is counted in."""

    amount: float
    unit: str
    name: Text

    @classmethod
    def of(cls, limit: Limit, name: Text) -> Self:
        return cls(amount=limit.amount, unit=limit.unit.value, name=name)


class AnsweringOut(BaseModel):
    """Who answers for it now, in general terms; which unit or person is not said."""

    code: Answering
    name: Text


class ReasonOut(BaseModel):
    """A reason that may be given, and what it says to people."""

    code: str
    name: Text


class MayOut(BaseModel):
    """What the holder may do now. ``until`` is null where no time is set for it; ``reasons`` are
    those that it takes, where it takes any."""

    right: Right
    name: Text
    until: datetime | None
    reasons: list[ReasonOut]


class WishOut(BaseModel):
    """A wish to have the case opened again, and what became of it. ``reason`` is dispatch's."""

    asked_at: datetime
    answer: WishAnswer
    reason: str | None
    message: Text


class AnswerOut(BaseModel):
    """What the reporters were told on this closing: dispatch gives the words by this reference,
    ``GET /answers/{statement}``, without a token."""

    statement: str
    given_at: datetime


class Tracked(BaseModel):
    """What a reporter sees of the case; nothing about who works on it.

    ``due_at`` is null where the matter has no limit, ``limit`` says what it is counted in.
    ``waiting_until``: a reviewer decides until then. ``linked``: others reported the same problem,
    and it is one case; ``others`` counts them where they are not few. ``outcome`` is what the
    standard asks for at a closing, once the case is closed; ``answer`` where the words are that
    go with it. ``notices`` counts what was sent.
    """

    status: Status
    step: Step
    steps: list[StepOut]
    matter: str | None
    matter_name: Text | None
    condition: str | None
    condition_name: Text | None
    grid_name: Text | None
    reported_at: datetime
    answering: AnsweringOut | None
    limit: LimitOut | None
    due_at: datetime | None
    overdue: bool
    closed_at: datetime | None
    outcome: Text | None
    answer: AnswerOut | None
    waiting_until: datetime | None
    reason: Rejection | None
    message: Text | None
    turn_to: Text | None
    withdrawn_at: datetime | None
    linked: bool
    others: int | None
    reopened: int
    reopening: WishOut | None
    additions: int
    rated: bool
    notices: int
    may: list[MayOut]


class RatingIn(In):
    """Whether the problem is solved, and how satisfied: 1 (not at all) to 5."""

    solved: bool
    score: Annotated[int, Field(ge=1, le=5, strict=True)]

    model_config = ConfigDict(json_schema_extra={"examples": [{"solved": True, "score": 5}]})


class Rated(BaseModel):
    """The vote stands for this closing."""

    solved: bool
    score: int
    rated_at: datetime


class WithdrawalIn(In):
    """Why the report is taken back."""

    reason: Withdrawal

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "solved_itself"}]})


class Withdrawn(BaseModel):
    """It is taken back; ``message`` says what that means, and how to ask for more."""

    withdrawn_at: datetime
    message: Text


class ReopeningIn(In):
    """Why the case should be opened again."""

    reason: Objection

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "not_done"}]})


class ReopeningAsked(BaseModel):
    """The wish is passed on; what becomes of it is at the receipt. ``until`` is until when such
    wishes are heard."""

    asked_at: datetime
    until: datetime | None


class AdditionIn(In):
    """What is added: words, a way to be reached, or both. They go into the vault."""

    text: Words | None = None
    contact: Contact | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "今天又塌了一块。", "contact": {"email": "reporter@example.org"}},
                {"contact": {"phone": "+86 371 5550 0000"}},
            ]
        }
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and not self.ways:
            raise ValueError("say something, or leave an email address or a telephone number")
        return self

    @property
    def ways(self) -> tuple[str, ...]:
        """By which the reporter can be reached because of it."""
        contact = self.contact or Contact()
        return tuple(way for way in ("email", "phone") if getattr(contact, way))

    @property
    def kinds(self) -> tuple[str, ...]:
        return (*(["words"] if self.text else []), *(["contact"] if self.ways else []))


class Added(BaseModel):
    """It is kept for good: the ``number``th addition of this report."""

    number: int
    added: list[str]
    added_at: datetime
