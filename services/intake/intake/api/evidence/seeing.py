"""Which evidence somebody may see."""

from case_contracts.events.intake import Phase
from intake.api.track import report_of
from intake.domain.evidence.errors import Gone
from intake.domain.evidence.state import EvidenceState
from intake.domain.report import ReportState
from intake.views.evidence import evidence_of, evidence_state, hidden_from, reports_of
from intake.views.progress import case_state, report_state
from service_kit.auth import Principal
from service_kit.errors import NotFound
from service_kit.runtime import Runtime

NONE = "no such evidence"


async def of_report(runtime: Runtime, caller: Principal, report: str) -> list[EvidenceState]:
    """Raises NotFound where there is no such report, or none for the caller to see."""
    found = await report_state(runtime.database, report)
    if found is None or await _hidden(runtime, caller, [found]):
        raise NotFound("no such report")
    return await evidence_of(runtime.database, [report])


async def of_case(runtime: Runtime, caller: Principal, case: str) -> list[EvidenceState]:
    """What handlers attached to its tasks, and what the reporters behind it sent."""
    found = await case_state(runtime.database, case)
    if found is None or not found.reports:
        raise NotFound("no such case has been opened")
    if await _hidden(runtime, caller, await reports_of(runtime.database, found.reports)):
        raise NotFound("no such case has been opened")
    return await evidence_of(runtime.database, [case, *found.reports])


async def by_staff(runtime: Runtime, caller: Principal, evidence: str) -> EvidenceState:
    """Raises NotFound, also where it is not theirs to see, and Gone where it was removed."""
    state = await _shown(runtime, evidence)
    assert state.attached is not None
    reports = [state.attached.report] if state.attached.report else await _behind(runtime, state)
    if await _hidden(runtime, caller, await reports_of(runtime.database, reports)):
        raise NotFound(NONE)
    return state


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


async def _shown(runtime: Runtime, evidence: str) -> EvidenceState:
    state = await evidence_state(runtime.database, evidence)
    if state is None or state.attached is None:
        raise NotFound(NONE)
    if not state.shown:
        raise Gone("it was removed")
    return state


async def _behind(runtime: Runtime, state: EvidenceState) -> tuple[str, ...]:
    assert state.attached is not None
    assert state.attached.case is not None
    case = await case_state(runtime.database, state.attached.case)
    return case.reports if case is not None else ()


async def _hidden(runtime: Runtime, caller: Principal, reports: list[ReportState]) -> bool:
    return hidden_from(caller, reports, await runtime.load_world())
