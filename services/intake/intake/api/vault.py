"""What other services may have from the vault: each time for a purpose, and written down."""

from collections.abc import Sequence
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request

from case_contracts.values import About, Point, Ref
from intake.adapters.additions import Addition, Additions, with_additions
from intake.adapters.audit import note, note_many
from intake.adapters.entry import Entry
from intake.adapters.evidence.media import Media
from intake.adapters.vault import Vault
from intake.api import sight
from intake.api.evidence.handling import attachments
from intake.api.reveal import For, Purpose, behalf, shown_to
from intake.api.schemas import Answers, ContactOut, ReceiptOut, WordsOut
from intake.api.track import Receipt, report_of
from intake.domain.evidence.state import EvidenceState
from intake.domain.report import ReportState
from intake.domain.world import World
from intake.views.evidence import evidence_of_cases
from intake.views.links import reports_of
from intake.views.progress import report_state
from service_kit import clock
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.http.access import needs
from service_kit.runtime import Runtime

router = APIRouter(prefix="/vault", tags=["vault"])
MOST_CASES = 100
NOT_KEPT, NOTHING = "the vault has nothing on this", "the vault has nothing on this case"
Reader = Annotated[Principal, Depends(needs("vault.read"))]
Eraser = Annotated[Principal, Depends(needs("vault.erase"))]
GONE: Answers = {
    404: {"description": "Nothing is known of it"},
    410: {"description": "It was erased: the key is destroyed"},
}


def _vault(request: Request) -> Vault:
    vault: Vault = request.app.state.runtime.extras["vault"]
    return vault


def _additions(request: Request) -> Additions:
    additions: Additions = request.app.state.runtime.extras["additions"]
    return additions


@router.get("/reports/{report}/contact", responses=GONE)
async def contact(request: Request, report: Ref, purpose: Purpose, caller: Reader) -> ContactOut:
    """How to reach a reporter. Nulls where they left no way."""
    await note(request.app.state.runtime.database, caller, "contact", report, purpose)
    await _check_report(request, caller, report)
    entry, way = await _additions(request).contact(report)
    return ContactOut(
        email=way.email,
        phone=way.phone,
        receipt=entry.receipt,
        language=entry.language,
    )


@router.get("/cases/{case}/words", responses=GONE)
async def words(
    request: Request, case: Ref, purpose: Purpose, caller: Reader, person: For = None
) -> WordsOut:
    """The reporter's words and the exact place, of the first report that has them; below them
    what reporters of the case added later, in order. And which evidence its handlers may see."""
    database = request.app.state.runtime.database
    await note(database, caller, "words", case, purpose, **behalf(caller, person))
    behind = await _visible(request, shown_to(caller, person), [case])
    if case not in behind:
        raise NotFound("no such case has been opened")
    reports = [each.report for each in behind[case]]
    said = await _vault(request).reports(reports)
    added = await _additions(request).of(reports)
    found = await evidence_of_cases(database, {case: behind[case]})
    return _words(case, said, added, await _zone(request), found[case])


@router.get("/words")
async def words_of_many(
    request: Request,
    case: Annotated[list[Ref], Query(min_length=1, max_length=MOST_CASES)],
    purpose: Purpose,
    caller: Reader,
    person: For = None,
) -> list[WordsOut]:
    """The same for several cases at once; those that are unknown or erased are left out."""
    database = request.app.state.runtime.database
    await note_many(database, caller, "words", case, purpose, **behalf(caller, person))
    behind = await _visible(request, shown_to(caller, person), case)
    entries = await _vault(request).of_cases(
        {each: [state.report for state in states] for each, states in behind.items()}
    )
    reports = [state.report for each in entries for state in behind[each]]
    added, zone = await _additions(request).of(reports), await _zone(request)
    mine = {each: {state.report for state in behind[each]} for each in entries}
    found = await evidence_of_cases(database, {each: behind[each] for each in entries})
    return [
        _words(each, said, [a for a in added if a.report in mine[each]], zone, found[each])
        for each, said in entries.items()
    ]


@router.get("/receipts/{receipt}", responses=GONE)
async def receipt_owner(request: Request, receipt: Receipt, caller: Reader) -> ReceiptOut:
    """Which report a receipt is for; says nothing that its holder may not know."""
    runtime: Runtime = request.app.state.runtime
    report = await report_of(runtime, receipt)
    return ReceiptOut(report=report.report, case=report.in_case)


@router.delete("/cases/{case}/key", status_code=204, responses={404: GONE[404]})
async def erase(request: Request, case: Ref, purpose: Purpose, caller: Eraser) -> None:
    """Destroy the case's key, and those of the reports that were linked to it: their words,
    contacts, places and receipts can never be read again.

    Commits and events stay as they are, and their chain still verifies.
    """
    await note(request.app.state.runtime.database, caller, "erase", case, purpose)
    vault, database = _vault(request), request.app.state.runtime.database
    behind = (await reports_of(database, [case])).get(case, [])
    for each in behind:
        await sight.check(request.app.state.runtime, caller, _about(each), NOTHING)
    keys = {case, *(vault.references.case(each.report) for each in behind)}
    if not any([await vault.erase(key, clock.now()) for key in sorted(keys)]):
        raise NotFound(NOTHING)
    media: Media = request.app.state.runtime.extras["media"]
    for key in sorted(keys):
        await media.forget(key)


async def _check_report(request: Request, caller: Principal, report: str) -> None:
    """Whom a report complains of is told neither who complains nor that anybody does. A service
    has no post and is under nobody: it need not be looked for."""
    if caller.kind == "service":
        return
    runtime: Runtime = request.app.state.runtime
    found = await report_state(runtime.database, report)
    if found is not None:
        await sight.check(runtime, caller, _about(found), NOT_KEPT)


async def _visible(
    request: Request, caller: Principal, cases: Sequence[str]
) -> dict[str, list[ReportState]]:
    """The reports behind each case that the caller may know of."""
    runtime: Runtime = request.app.state.runtime
    behind = await reports_of(runtime.database, cases)
    if caller.kind == "service":
        return behind
    hides = await sight.hidden_from(runtime, caller)
    return {
        case: states
        for case, states in behind.items()
        if not any(hides(_about(state)) for state in states)
    }


def _about(report: ReportState) -> About | None:
    return report.said.about if report.said is not None else None


async def _zone(request: Request) -> ZoneInfo:
    """In which the times are written."""
    world: World = await request.app.state.runtime.load_world()
    return ZoneInfo(world.district.zone if world.district else "UTC")


def _words(
    case: str,
    entries: list[Entry],
    added: Sequence[Addition],
    zone: ZoneInfo,
    evidence: Sequence[EvidenceState],
) -> WordsOut:
    first = next((e.words for e in entries if e.words), None)
    return WordsOut(
        **dict(attachments(evidence)),
        case=case,
        text=with_additions(first, added, entries[0].language, zone),
        point=_place(entries),
        language=entries[0].language,
    )


def _place(entries: list[Entry]) -> Point | None:
    return next((entry.point for entry in entries if entry.point), None)
