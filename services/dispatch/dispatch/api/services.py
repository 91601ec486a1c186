"""Disputes, on-behalf services and inquiries: what their handlers do besides completing."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field

from case_contracts.events.dispatch import MediationOutcome
from case_contracts.values import Code, Ref, Versioned
from dispatch.api.callers import Worker
from dispatch.api.doing import Body, Key, Words, do
from dispatch.api.saying import say
from dispatch.commands.answer_inquiry import AnswerInquiry
from dispatch.commands.mediate import EndMediation, HoldMediation
from dispatch.commands.on_behalf import HandOnDocuments, ReturnResult

router = APIRouter(prefix="/cases/{case}", tags=["services"])


class Sitting(Body):
    """The record of a sitting: sealed, and read by nobody without a purpose."""

    words: Words

    model_config = ConfigDict(json_schema_extra={"examples": [{"words": "双方同意先停工两天。"}]})


class MediationEnd(Body):
    """What came of it, with the agreement or the record; ``passed_to`` is a code of who goes on."""

    outcome: MediationOutcome
    words: Words
    passed_to: Code | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"outcome": "agreement", "words": "每晚十点后不再施工。"},
                {"outcome": "passed_on", "words": "移交调解委员会。", "passed_to": "commission"},
            ]
        }
    )


class Papers(Body):
    """To which post they go, and which they are: references or kinds such as ``copy:id-card``."""

    to: Ref
    documents: Annotated[tuple[Ref, ...], Field(min_length=1, max_length=50)]


class Result(Body):
    """What the service came to, and the words for the resident."""

    result: Literal["granted", "refused", "more_needed"]
    words: Words


class InquiryAnswer(Body):
    """The words for the reporters, and the published text that they rest on, if any."""

    words: Words
    knowledge: Versioned | None = None


@router.post("/mediation/sittings")
async def hold_mediation(
    request: Request, case: str, body: Sitting, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """A sitting of the mediation was held (调解)."""

    def command(statement: Ref | None) -> HoldMediation:
        return HoldMediation(caller.id, str(statement))

    words = ("mediation", body.words)
    return await say(request, case, "dispatch.hold-mediation", words, command, caller, body, key)


@router.post("/mediation")
async def end_mediation(
    request: Request, case: str, body: MediationEnd, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """The mediation has ended: agreement, failed (the case goes a level up), or passed on."""

    def command(statement: Ref | None) -> EndMediation:
        return EndMediation(caller.id, body.outcome, str(statement), body.passed_to)

    words = ("mediation", body.words)
    return await say(request, case, "dispatch.end-mediation", words, command, caller, body, key)


@router.post("/documents")
async def hand_on_documents(
    request: Request, case: str, body: Papers, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """The papers of an on-behalf service, and the task with them, go to another post (代办)."""
    command = HandOnDocuments(caller.id, body.to, body.documents)
    return await do(request, case, "dispatch.hand-on-documents", command, caller, body, key)


@router.post("/result")
async def return_result(
    request: Request, case: str, body: Result, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """The result of an on-behalf service goes back to the resident."""

    def command(statement: Ref | None) -> ReturnResult:
        return ReturnResult(caller.id, body.result, str(statement))

    words = ("result", body.words)
    return await say(request, case, "dispatch.return-result", words, command, caller, body, key)


@router.post("/inquiry-answer")
async def answer_inquiry(
    request: Request, case: str, body: InquiryAnswer, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """Answer an inquiry, from a published text or in own words (咨询)."""

    def command(statement: Ref | None) -> AnswerInquiry:
        return AnswerInquiry(caller.id, str(statement), body.knowledge)

    words = ("answer", body.words)
    return await say(request, case, "dispatch.answer-inquiry", words, command, caller, body, key)
