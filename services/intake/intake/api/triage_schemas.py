"""What the reviewers' queue shows and takes."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from case_contracts.events.intake import Channel, Rejection, Unclear
from case_contracts.values import ConditionCode, MatterCode, Point, Ref, Text
from intake.api.schemas import In, Place
from intake.commands.triage_report import REVIEWERS
from intake.domain.report import ReportState

Cursor = Annotated[str, Field(pattern=r"^[0-9]{10}\.[0-9]{6}~[A-Za-z0-9:-]{1,60}$")]


class WaitingReport(BaseModel):
    """A report that waits for a reviewer; the place is coarse, the words are read one by one."""

    report: Ref
    channel: Channel
    matter: str
    condition: str | None
    point: Point | None
    reason: Unclear
    receiver: Ref | None
    reported_at: datetime
    since: datetime
    due_at: datetime | None
    overdue: bool

    @classmethod
    def of(cls, state: ReportState, now: datetime) -> "WaitingReport":
        said, waiting = state.said, state.waiting
        assert said is not None
        assert waiting is not None
        return cls(
            report=state.report,
            channel=said.channel,
            matter=said.matter,
            condition=said.condition,
            point=said.point,
            reason=waiting.reason,
            receiver=said.receiver,
            reported_at=said.reported_at,
            since=waiting.since,
            due_at=waiting.due_at,
            overdue=waiting.due_at is not None and waiting.due_at < now,
        )


class Queue(BaseModel):
    """The oldest first. ``waiting`` and ``overdue`` count all that the caller may decide on."""

    reports: list[WaitingReport]
    cursor: str | None
    waiting: int
    overdue: int


class ConditionOut(BaseModel):
    """A filing condition (立案条件) of the matter that was said."""

    condition: ConditionCode
    name: Text


class WaitingInFull(WaitingReport):
    """The same with the reporter's words and the exact place, for the one who decides, and the
    conditions of the matter, where one was said."""

    choices: list[ConditionOut]
    text: str | None
    exact: Point | None
    language: str


class Judgement(In):
    """Either what it is (``matter``, ``condition``, with ``point`` or ``grid`` where the reporter
    gave no place), or that it opens no case (``reject``, with ``turn_to``: where to go)."""

    matter: MatterCode | None = None
    condition: ConditionCode | None = None
    point: Place | None = None
    grid: Ref | None = None
    reject: Rejection | None = None
    turn_to: Text | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"matter": "event/noise/night", "condition": "loud"},
                {
                    "reject": "out_of_scope",
                    "turn_to": {"zh": "请向劳动仲裁机构申请。", "en": "Ask the labour arbiter."},
                },
            ]
        }
    )

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        filing = (self.matter, self.condition, self.point, self.grid)
        if self.reject is None:
            if self.matter is None:
                raise ValueError("say what it is (matter), or why it opens no case (reject)")
            if self.turn_to is not None:
                raise ValueError("turn_to goes with reject")
        elif any(part is not None for part in filing):
            raise ValueError("either it is filed or it is rejected, not both")
        elif self.reject not in REVIEWERS:
            raise ValueError(f"a reviewer rejects for one of {', '.join(sorted(REVIEWERS))}")
        return self


class Judged(BaseModel):
    """What became of it: ``case`` is null where it opens none."""

    report: Ref
    case: Ref | None
    status: Literal["filed", "rejected"]
    reason: Rejection | None
    turn_to: Text | None
