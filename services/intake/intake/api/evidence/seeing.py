"""Which evidence somebody may see."""

from collections.abc import Iterable, Sequence

from case_contracts.events.intake import Phase, Resemblance
from case_contracts.values import About
from intake.adapters.evidence.links import Copy
from intake.api.sight import hidden_from
from intake.api.track import report_of
from intake.domain.case import CaseState
from intake.domain.evidence.errors import Gone
from intake.domain.evidence.handling import copy_for_handlers
from intake.domain.evidence.state import EvidenceState
from intake.domain.report import ReportState
from intake.views.evidence import complained_of, evidence_of, evidence_state, owner_of
from intake.views.links import reports_of
from intake.views.progress import case_state, report_state
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.runtime import Runtime

NONE, NO_CASE = "no such evidence", "no such case has been opened"


async def of_report(runtime: Runtime, caller: Principal, report: str) -> list[EvidenceState]:
    """Raises NotFound where there is no such report, or none for the caller to see."""
    await _report_for(runtime, caller, report)
    return await evidence_of(runtime.database, [report])


async def of_case(runtime: Runtime, caller: Principal, case: str) -> list[EvidenceState]:
    """What handlers attached to its tasks, and what the reporters behind it sent."""
    _, behind = await case_for(runtime, caller, case)
    return await evidence_of(runtime.database, [case, *(report.report for report in behind)])


async def case_for(
    runtime: Runtime, caller: Principal, case: str
) -> tuple[CaseState, list[ReportState]]:
    """The case with the reports behind it; raises NotFound, also where it is not theirs to see."""
    found = await case_state(runtime.database, case)
    if found is None or not found.reports:
        raise NotFound(NO_CASE)
    behind = (await reports_of(runtime.database, [case])).get(case, [])
    if await _hidden(runtime, caller, complained_of(found, behind)):
        raise NotFound(NO_CASE)
    return found, behind


async def by_staff(runtime: Runtime, caller: Principal, evidence: str) -> EvidenceState:
    """Raises NotFound, also where it is not theirs to see, and Gone where it was removed."""
    state = await _shown(runtime, evidence)
    await _check_owner(runtime, caller, state)
    return state


async def by_handlers(runtime: Runtime, caller: Principal, case: str, evidence: str) -> Copy:
    """Which copy those who handle the case may open. Raises NotFound, also for evidence of another
    case and for what they may not see of this one, and Gone where it was removed."""
    _, behind = await case_for(runtime, caller, case)
    state = await evidence_state(runtime.database, evidence)
    if state is None or state.attached is None:
        raise NotFound(NONE)
    of_this_case = owner_of(state) in {case, *(report.report for report in behind)}
    copy = copy_for_handlers(state.attached) if of_this_case else None
    if copy is None:
        raise NotFound(NONE)
    if not state.shown:
        raise Gone("it was removed")
    return copy


async def _check_owner(runtime: Runtime, caller: Principal, state: EvidenceState) -> None:
    assert state.attached is not None
    owner = state.attached.report
    try:
        if owner is not None:
            await _report_for(runtime, caller, owner)
        else:
            await case_for(runtime, caller, state.attached.case or "")
    except NotFound:
        raise NotFound(NONE) from None


async def resemblances(
    runtime: Runtime, caller: Principal, found: Sequence[EvidenceState]
) -> list[EvidenceState]:
    """The same evidence, without what it resembles in complaints that are not the caller's to
    see: whoever sends in a photo again would learn of them."""
    like = {each.evidence for state in found for each in _same(state)}
    hidden = {each for each in sorted(like) if not await _may_know(runtime, caller, each)}
    return [_without(state, hidden) for state in found]


def _same(state: EvidenceState) -> tuple[Resemblance, ...]:
    return state.attached.same_as if state.attached is not None else ()


def _without(state: EvidenceState, hidden: set[str]) -> EvidenceState:
    kept = tuple(each for each in _same(state) if each.evidence not in hidden)
    if state.attached is None or len(kept) == len(_same(state)):
        return state
    attached = state.attached.model_copy(update={"same_as": kept})
    return state.model_copy(update={"attached": attached})


async def _may_know(runtime: Runtime, caller: Principal, evidence: str) -> bool:
    """Also of what was removed since."""
    state = await evidence_state(runtime.database, evidence)
    if state is None:
        return False
    try:
        await _check_owner(runtime, caller, state)
    except NotFound:
        return False
    return True


async def by_reporter(runtime: Runtime, receipt: str, evidence: str) -> EvidenceState:
    """Their own, and public photos of the finished work."""
    report = await report_of(runtime, receipt)
    state = await _shown(runtime, evidence)
    if not is_theirs(state, report):
        raise NotFound(NONE)
    return state


async def of_reporter(runtime: Runtime, receipt: str) -> list[EvidenceState]:
    report = await report_of(runtime, receipt)
    owners = [report.report, *([report.in_case] if report.in_case else [])]
    found = await evidence_of(runtime.database, owners)
    return [state for state in found if is_theirs(state, report)]


def is_theirs(state: EvidenceState, report: ReportState) -> bool:
    attached = state.attached
    if attached is None:
        return False
    if attached.report is not None:
        return attached.report == report.report
    finished = attached.phase is Phase.AFTER and attached.public
    return finished and attached.case == report.in_case


async def _report_for(runtime: Runtime, caller: Principal, report: str) -> None:
    """A complaint stands alone: no other report is linked to it, so its own word is enough."""
    found = await report_state(runtime.database, report)
    if found is None or found.said is None or await _hidden(runtime, caller, [found.said.about]):
        raise NotFound("no such report")


async def _shown(runtime: Runtime, evidence: str) -> EvidenceState:
    state = await evidence_state(runtime.database, evidence)
    if state is None or state.attached is None:
        raise NotFound(NONE)
    if not state.shown:
        raise Gone("it was removed")
    return state


async def _hidden(runtime: Runtime, caller: Principal, about: Iterable[About | None]) -> bool:
    hides = await hidden_from(runtime, caller)
    return any(hides(each) for each in about)
