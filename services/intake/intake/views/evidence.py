"""Reading evidence: what belongs to a report or a case, and of whom it complains."""

from collections.abc import Mapping, Sequence

from case_contracts.values import About
from intake.domain.case import CaseState
from intake.domain.evidence.state import EvidenceState
from intake.domain.report import ReportState
from service_kit.mongo import ASCENDING, Database

PAGE = 100


async def create_indexes(database: Database) -> None:
    await database["view_evidence"].create_index([("of", ASCENDING)], name="of")


async def evidence_state(database: Database, evidence: str) -> EvidenceState | None:
    found = await database["view_evidence"].find_one({"_id": evidence})
    return None if found is None else EvidenceState.model_validate(found["state"])


async def evidence_of(database: Database, owners: Sequence[str]) -> list[EvidenceState]:
    """What is shown of these reports and cases, the oldest first."""
    found: list[EvidenceState] = []
    for start in range(0, len(owners), PAGE):
        query = {"of": {"$in": list(owners[start : start + PAGE])}}
        rows = database["view_evidence"].find(query)
        found += [EvidenceState.model_validate(row["state"]) async for row in rows]
    return sorted((each for each in found if each.shown), key=_age)


async def evidence_of_cases(
    database: Database, behind: Mapping[str, Sequence[ReportState]]
) -> dict[str, list[EvidenceState]]:
    """What is shown of each case: that of its tasks, and of the ``behind`` reports."""
    case_of = {report.report: case for case, reports in behind.items() for report in reports}
    found: dict[str, list[EvidenceState]] = {case: [] for case in behind}
    for state in await evidence_of(database, [*behind, *case_of]):
        owner = owner_of(state)
        found[case_of.get(owner, owner)].append(state)
    return found


def owner_of(state: EvidenceState) -> str:
    """The report that it was sent with, else the case whose task it shows."""
    assert state.attached is not None
    return state.attached.report or state.attached.case or ""


def complained_of(case: CaseState, behind: Sequence[ReportState]) -> list[About]:
    """Of whom a case and the reports behind it complain."""
    said = [report.said.about for report in behind if report.said is not None]
    return [about for about in (case.about, *said) if about is not None]


def _age(state: EvidenceState) -> tuple[str, str]:
    assert state.attached is not None
    return state.attached.attached_at.isoformat(), state.evidence
