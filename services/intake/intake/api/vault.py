"""What other services may have from the vault: each time for a purpose, and written down."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from case_contracts.values import Point
from intake.adapters.audit import note, note_many
from intake.adapters.entry import Entry
from intake.adapters.vault import Vault
from intake.api.schemas import Answers, ContactOut, ReceiptOut, WordsOut
from intake.api.track import Receipt, report_of
from intake.views.progress import case_state, case_states
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime

router = APIRouter(prefix="/vault", tags=["vault"])
MOST_CASES = 100
Reader = Annotated[Principal, Depends(needs("vault.read"))]
Eraser = Annotated[Principal, Depends(needs("vault.erase"))]
Purpose = Annotated[
    str,
    Query(
        pattern=r"^[a-z][a-z-]{1,39}$", description="What for", examples=["notice", "handle-task"]
    ),
]
GONE: Answers = {
    404: {"description": "Nothing is known of it"},
    410: {"description": "It was erased: the key is destroyed"},
}


def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.runtime.extras["vault"]
    return vault


@router.get("/reports/{report}/contact", responses=GONE)
async def contact(request: Request, report: str, purpose: Purpose, caller: Reader) -> ContactOut:
    """How to reach a reporter. Nulls where they left no way."""
    await note(request.app.state.runtime.database, caller, "contact", report, purpose)
    entry = await _vault(request).report(report)
    way = entry.contact
    return ContactOut(
        email=way.email if way else None,
        phone=way.phone if way else None,
        receipt=entry.receipt,
        language=entry.language,
    )


@router.get("/cases/{case}/words", responses=GONE)
async def words(request: Request, case: str, purpose: Purpose, caller: Reader) -> WordsOut:
    """The reporter's words and the exact place, of the first report that has them."""
    database = request.app.state.runtime.database
    await note(database, caller, "words", case, purpose)
    found = await case_state(database, case)
    if found is None:
        raise NotFound("no such case has been opened")
    return _words(case, await _vault(request).reports(case, found.reports))


@router.get("/words")
async def words_of_many(
    request: Request,
    case: Annotated[list[str], Query(min_length=1, max_length=MOST_CASES)],
    purpose: Purpose,
    caller: Reader,
) -> list[WordsOut]:
    """The same for several cases at once; those that are unknown or erased are left out."""
    database = request.app.state.runtime.database
    await note_many(database, caller, "words", case, purpose)
    states = await case_states(database, case)
    entries = await _vault(request).of_cases({c: state.reports for c, state in states.items()})
    return [_words(each, said) for each, said in entries.items()]


@router.get("/receipts/{receipt}", responses=GONE)
async def receipt_owner(request: Request, receipt: Receipt, caller: Reader) -> ReceiptOut:
    """Which report a receipt is for; says nothing that its holder may not know."""
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    return ReceiptOut(report=report.report, case=report.case if report.filing else None)


@router.delete("/cases/{case}/key", status_code=204, responses={404: GONE[404]})
async def erase(request: Request, case: str, purpose: Purpose, caller: Eraser) -> None:
    """Destroy the case's key: its words, contacts, places and receipts can never be read again.

    Commits and events stay as they are, and their chain still verifies.
    """
    await note(request.app.state.runtime.database, caller, "erase", case, purpose)
    if not await _vault(request).erase(case, clock.now()):
        raise NotFound("the vault has nothing on this case")


def _words(case: str, entries: list[Entry]) -> WordsOut:
    return WordsOut(
        case=case,
        text=next((e.words for e in entries if e.words), None),
        point=_place(entries),
        language=entries[0].language,
    )


def _place(entries: list[Entry]) -> Point | None:
    return next((entry.point for entry in entries if entry.point), None)
