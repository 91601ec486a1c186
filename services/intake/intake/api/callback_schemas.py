"""What operators who call reporters back see, and what they write down."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.events.intake import CallbackWhy, CallOutcome
from case_contracts.values import Ref, Text
from intake.api.schemas import In

_CALLBACK = "callback:case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11:1"


class CallbackOut(BaseModel):
    """A call to be made; never the number. ``status``: ``open``, ``claimed`` by somebody, or
    ``later``, because nobody answered: not before ``not_before``."""

    callback: Ref
    case: Ref
    why: CallbackWhy
    about: Text
    asked_at: datetime
    due_at: datetime
    overdue: bool
    attempts: int
    status: Literal["open", "claimed", "later"]
    not_before: datetime | None


class Callbacks(BaseModel):
    """A page of the queue, oldest first; ``cursor`` leads on, null at the end."""

    callbacks: list[CallbackOut]
    cursor: str | None


class Claimed(BaseModel):
    """The call is yours until ``until``: nobody else calls the same person. ``may_rate``: they may
    say whether it is solved, and whether they want it opened again. ``message`` and ``turn_to``:
    why the report opened no case, and where they can turn; else null."""

    callback: Ref
    case: Ref
    why: CallbackWhy
    about: Text
    phone: str
    language: str
    matter_name: Text | None
    message: Text | None
    turn_to: Text | None
    may_rate: bool
    until: datetime

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "callback": _CALLBACK,
                    "case": "case:5b0a4d0e-4c1c-5b1e-9a51-0f5f6a7a7b11",
                    "why": "closed",
                    "about": {"zh": "案卷已结案", "en": "The case is closed"},
                    "phone": "+86 371 5550 0000",
                    "language": "zh",
                    "matter_name": {"zh": "井盖", "en": "Manhole cover"},
                    "message": None,
                    "turn_to": None,
                    "may_rate": True,
                    "until": "2026-01-06T02:15:00Z",
                }
            ]
        }
    )


class ResultIn(In):
    """How the call went. ``solved`` and ``score`` (1 to 5) belong together, and to somebody who was
    reached; so does ``wants_reopening``."""

    outcome: CallOutcome
    solved: bool | None = None
    score: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    wants_reopening: bool = False

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"outcome": "reached", "solved": True, "score": 4},
                {"outcome": "not_reached"},
            ]
        }
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.solved is None) != (self.score is None):
            raise ValueError("solved and score belong together: give both, or neither")
        answered = self.solved is not None or self.wants_reopening
        if answered and self.outcome is not CallOutcome.REACHED:
            raise ValueError("only somebody who was reached can have answered")
        return self


class Result(BaseModel):
    """It is written down. ``again_at``: nobody answered, call again from then on; null where there
    is an end of it."""

    callback: Ref
    outcome: CallOutcome
    attempts: int
    again_at: datetime | None
    ended: bool
