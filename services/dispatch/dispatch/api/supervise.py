"""What supervisors do with a case by hand, and the answers to supervision slips."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict

from case_contracts.events.dispatch import Colour
from case_contracts.values import Limit, Ref
from dispatch.api.callers import Supervisor
from dispatch.api.doing import Body, Key, ReasonCode, Words
from dispatch.api.saying import say
from dispatch.commands.answer_slip import AnswerSlip
from dispatch.commands.supervise import Escalate, IssueSlip, Press, TakeOver
from service_kit.auth import Principal
from service_kit.http.access import needs

router = APIRouter(prefix="/cases/{case}", tags=["supervision"])
Answerer = Annotated[Principal, Depends(needs("cases.verify", "cases.supervise", "department"))]


class Pressing(Body):
    """Why, as a code, and words to the handler."""

    reason: ReasonCode = "reporter_waits"
    words: Words | None = None

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "reporter_waits", "words": "请今日内办结。"}]}
    )


class SlipIn(Body):
    """``answer``: how long the answer may take; the rule for the colour where it is left out."""

    colour: Colour
    words: Words
    answer: Limit | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "colour": "orange",
                    "words": "多次催办无进展，请说明原因与措施。",
                    "answer": {"amount": 4, "unit": "working_hours"},
                }
            ]
        }
    )


class Escalation(Body):
    """One level up: to watch over the case, or with ``take_over`` to do the work."""

    reason: ReasonCode
    words: Words | None = None
    take_over: bool = False

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "beyond_our_powers", "take_over": True}]}
    )


class SlipAnswer(Body):
    """What was done and will be done."""

    words: Words

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"words": "已派抢修队，今日十八时前恢复。"}]}
    )


class Answered(BaseModel):
    """The slip with its answer; nothing else of the case, which a department may have lost."""

    case: Ref
    slip: Ref
    colour: Colour
    answer_by: datetime | None
    answered_at: datetime


@router.post("/press")
async def press(
    request: Request, case: str, body: Pressing, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """Press the handler to get on with it (督办)."""

    def command(statement: Ref | None) -> Press:
        return Press(caller.id, body.reason, statement)

    words = ("press", body.words)
    return await say(request, case, "dispatch.press", words, command, caller, body, key)


@router.post("/slips")
async def issue_slip(
    request: Request, case: str, body: SlipIn, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """Issue a supervision slip to the handler by hand (督办单)."""

    def command(statement: Ref | None) -> IssueSlip:
        return IssueSlip(caller.id, body.colour, statement, body.answer)

    words = ("slip", body.words)
    return await say(request, case, "dispatch.issue-slip", words, command, caller, body, key)


@router.post("/slips/{slip}/answer")
async def answer_slip(
    request: Request, case: str, slip: str, body: SlipAnswer, caller: Answerer, key: Key = None
) -> Answered:
    """Answer a slip: whom it was issued to (a department with its own token), or the leader in
    charge."""

    def command(statement: Ref | None) -> AnswerSlip:
        return AnswerSlip(slip, caller.id, str(statement), caller.department)

    words = ("slip_answer", body.words)
    found = await say(request, case, f"dispatch.answer-{slip}", words, command, caller, body, key)
    [own] = [each for each in found["slips"] if each["id"] == slip]
    return Answered.model_validate({**own, "case": case, "slip": slip})


@router.post("/escalation")
async def escalate(
    request: Request, case: str, body: Escalation, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """Take the case up a level (提级): grid, community, street, district, leader in charge."""

    def command(statement: Ref | None) -> Escalate | TakeOver:
        return (TakeOver if body.take_over else Escalate)(caller.id, body.reason, statement)

    words = ("escalation", body.words)
    return await say(request, case, "dispatch.escalate", words, command, caller, body, key)
