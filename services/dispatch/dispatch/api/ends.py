"""How a case ends: who verifies it, what its reporters are told, and voiding by two people."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ConfigDict

from case_contracts.values import Ref
from dispatch.api.callers import Supervisor, Worker
from dispatch.api.doing import Body, Key, ReasonCode, Words, do
from dispatch.api.saying import say
from dispatch.commands.give_answer import GiveAnswer
from dispatch.commands.name_verifier import NameVerifier
from dispatch.commands.voiding import DecideVoiding, RequestVoiding
from service_kit.auth import Principal
from service_kit.http.access import needs

SUPERVISE = "cases.supervise"
router = APIRouter(prefix="/cases/{case}", tags=["ends"])
Approver = Annotated[Principal, Depends(needs("cases.approve"))]


class NamedVerifier(Body):
    """The post whose holder is to check the work."""

    posting: Ref


class AnswerIn(Body):
    """The words for the reporters, as they read them."""

    words: Words

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"words": "井盖已更换并加固，感谢您的反映。"}]}
    )


class VoidingIn(Body):
    """Why the case should end without being dealt with: a code that reporters are told, and words
    to the approver."""

    reason: ReasonCode
    statement: Words

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"reason": "no_such_problem", "statement": "现场核查两次均未发现。"}]
        }
    )


class VoidingDecision(Body):
    """The approver's word; ``reason`` and ``statement`` say why not."""

    approve: bool
    reason: ReasonCode = "problem_is_there"
    statement: Words | None = None


@router.post("/verifier")
async def name_verifier(
    request: Request, case: str, body: NamedVerifier, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """Ask somebody else to check the work, from now on. Never who handled or reported it."""
    command = NameVerifier(caller.id, body.posting)
    return await do(request, case, "dispatch.name-verifier", command, caller, body, key)


@router.post("/answer")
async def give_answer(
    request: Request, case: str, body: AnswerIn, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """Answer the reporters of a closed case: a supervisor, or whose post did the work last. Cases
    that wait for it are at the desk ``answers:<root grid>``."""

    def command(statement: Ref | None) -> GiveAnswer:
        return GiveAnswer(caller.id, str(statement), caller.may(SUPERVISE))

    words = ("answer", body.words)
    return await say(request, case, "dispatch.give-answer", words, command, caller, body, key)


@router.post("/voiding")
async def request_voiding(
    request: Request, case: str, body: VoidingIn, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """Ask that the case ends void; somebody else must approve, and its reporters may object."""

    def command(statement: Ref | None) -> RequestVoiding:
        return RequestVoiding(caller.id, body.reason, statement, caller.may(SUPERVISE))

    words = ("voiding", body.statement)
    return await say(request, case, "dispatch.request-voiding", words, command, caller, body, key)


@router.post("/voiding/decision")
async def decide_voiding(
    request: Request, case: str, body: VoidingDecision, caller: Approver, key: Key = None
) -> dict[str, Any]:
    """Approve or refuse what somebody else asked for."""

    def command(statement: Ref | None) -> DecideVoiding:
        return DecideVoiding(caller.id, body.approve, body.reason, statement)

    words = ("voiding", body.statement)
    return await say(request, case, "dispatch.decide-voiding", words, command, caller, body, key)
