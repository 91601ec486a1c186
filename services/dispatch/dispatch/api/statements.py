"""What was stated on cases: read for a purpose that is written down; answers by their reference."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from case_contracts.values import Ref, Text
from dispatch.adapters.statements import statements_of
from dispatch.domain import purposes
from dispatch.domain.purposes import PURPOSES
from dispatch.domain.state import CaseState
from dispatch.domain.step import Who
from dispatch.domain.whose import parties
from dispatch.views import answers, sight, stated
from dispatch.views.stated import Stated
from service_kit.auth import Principal
from service_kit.errors import Erased, NotFound
from service_kit.http.access import needs
from service_kit.vault import audit

router = APIRouter(tags=["statements"])
GUESSABLE = ("/answers/",)
"""Below it a hit would be somebody else's: misses there are limited."""

Purpose = Annotated[
    purposes.Purpose,
    Query(description="What for: one of those that `GET /statements/purposes` lists"),
]
SUPERVISES = ("cases.supervise", "cases.arbitrate", "cases.approve")
Reader = Annotated[Principal, Depends(needs("cases.verify", *SUPERVISES))]
Eraser = Annotated[Principal, Depends(needs("vault.erase"))]
Statement = Annotated[
    str,
    Path(
        pattern=r"^statement:[0-9a-f-]{36}$",
        description="As the receipt shows it",
        examples=["statement:3f2b8c1e-5a0d-5e7b-9c11-0a1b2c3d4e5f"],
    ),
]


class PurposeOut(BaseModel):
    """A purpose that is accepted, and what it means to people."""

    purpose: purposes.Purpose
    name: Text


class AnswerOut(BaseModel):
    """The words for the reporters."""

    statement: Ref
    words: str


@router.get("/statements/purposes")
async def list_purposes(_: Reader) -> list[PurposeOut]:
    """What statements may be read for."""
    return [PurposeOut(purpose=purpose, name=name) for purpose, name in PURPOSES.items()]


@router.get("/cases/{case}/statements")
async def list_statements(
    request: Request, case: str, purpose: Purpose, caller: Reader
) -> list[Stated]:
    """What was stated on a case, in order, for those who have to do with it: whoever it is in the
    hands of or was, and supervisors, arbiters and approvers."""
    runtime = request.app.state.runtime
    state = await sight.find(runtime, case, caller)
    if not (any(map(caller.may, SUPERVISES)) or _has_to_do_with_it(state, caller.id)):
        raise NotFound(f"there is no case {case}")
    await audit.note_many(runtime.database, caller, "statements", [case], purpose)
    entries = await stated.referred(runtime.database, case)
    words = await statements_of(request).read([each.statement or "" for each in entries])
    return [
        Stated(
            statement=each.statement or "",
            event=each.event,
            label=each.label,
            at=each.at,
            who=each.who,
            words=words.get(each.statement or ""),
        )
        for each in entries
    ]


@router.delete("/cases/{case}/statements", status_code=204)
async def erase_statements(request: Request, case: str, purpose: Purpose, caller: Eraser) -> None:
    """Destroy the key of a case's statements: nobody can read them again, and none can be added.
    Commits and events stay as they are, and their chain still verifies."""
    runtime = request.app.state.runtime
    await sight.find(runtime, case, caller)
    await audit.note_many(runtime.database, caller, "erase-statements", [case], purpose)
    await statements_of(request).erase(case)


@router.get(
    "/answers/{statement}",
    responses={
        404: {"description": "No answer has this reference"},
        410: {"description": "It was erased: the key is destroyed"},
    },
)
async def answer(request: Request, response: Response, statement: Statement) -> AnswerOut:
    """The answer that the reporters of a case were given, for who has its reference (the receipt
    shows it). No token needed, nothing is cached."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    if not await answers.is_given(request.app.state.runtime.database, statement):
        raise NotFound("没有这份答复。No answer has this reference.")
    words = await statements_of(request).read([statement])
    if statement not in words:
        raise Erased("这份答复已被删除。This answer was erased: its key is destroyed.")
    return AnswerOut(statement=statement, words=words[statement])


def _has_to_do_with_it(state: CaseState, person: str) -> bool:
    named = {party.person for who in Who for party in parties(who, state)}
    return person in named or person in state.handled_by
