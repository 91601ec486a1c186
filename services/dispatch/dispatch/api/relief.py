"""More time: asked for by a post-holder, given or refused by a supervisor, ended before its end."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import model_validator

from case_contracts.values import Instant, Limit, Ref
from dispatch.api.callers import Supervisor, Worker
from dispatch.api.doing import Body, Key, ReasonCode, Words, do
from dispatch.api.saying import say
from dispatch.commands.ask_relief import AskExtension, AskPause
from dispatch.commands.decide_relief import DecideRelief, ResumeClock

router = APIRouter(prefix="/cases/{case}", tags=["time"])


class Asking(Body):
    """A pause to ``until`` at the latest, or an extension by ``limit``; ``statement`` is in words
    for who decides."""

    reason: ReasonCode
    until: Instant | None = None
    limit: Limit | None = None
    statement: Words | None = None

    @model_validator(mode="after")
    def _one(self) -> "Asking":
        if (self.until is None) == (self.limit is None):
            raise ValueError("give until for a pause, or limit for an extension")
        return self


class Deciding(Body):
    """Whether it is given; ``reason`` and ``statement`` say why not."""

    grant: bool
    reason: ReasonCode = "no_need_seen"
    statement: Words | None = None


class Resuming(Body):
    """Nothing more is asked."""


@router.post("/relief")
async def ask(
    request: Request, case: str, body: Asking, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """The post-holder who has the task asks for more time. Departments send ``ask_pause`` and
    ``ask_extension``."""

    def command(statement: Ref | None) -> AskPause | AskExtension:
        if body.until is not None:
            return AskPause(caller.id, body.reason, body.until, statement)
        assert body.limit is not None
        return AskExtension(caller.id, body.reason, body.limit, statement)

    kind = "pause" if body.until is not None else "extension"
    words = (kind, body.statement)
    return await say(request, case, f"dispatch.ask-{kind}", words, command, caller, body, key)


@router.post("/relief/{asked}")
async def decide(
    request: Request, case: str, asked: Ref, body: Deciding, caller: Supervisor, key: Key = None
) -> dict[str, Any]:
    """A supervisor, who is neither the asker nor of that department, gives it from now on, or
    refuses it."""

    def command(statement: Ref | None) -> DecideRelief:
        return DecideRelief(caller.id, caller.department, asked, body.grant, body.reason, statement)

    words = ("relief", body.statement)
    return await say(request, case, "dispatch.decide-relief", words, command, caller, body, key)


@router.post("/resume")
async def resume(
    request: Request, case: str, body: Resuming, caller: Worker, key: Key = None
) -> dict[str, Any]:
    """Time runs again from now on: what was left of the limit is counted on. For supervisors, and
    for the post-holder who has the task."""
    command = ResumeClock(caller.id, caller.may("cases.supervise"))
    return await do(request, case, "dispatch.resume", command, caller, body, key)
