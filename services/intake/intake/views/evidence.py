"""Reading evidence: what belongs to a report or a case, and who may see it."""

from collections.abc import Sequence

from intake.domain.evidence.state import EvidenceState
from intake.domain.report import ReportState
from intake.domain.world import World
from service_kit import clock
from service_kit.auth import Principal
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


async def reports_of(database: Database, reports: Sequence[str]) -> list[ReportState]:
    found: list[ReportState] = []
    for start in range(0, len(reports), PAGE):
        query = {"_id": {"$in": list(reports[start : start + PAGE])}}
        rows = database["view_report"].find(query)
        found += [ReportState.model_validate(row["state"]) async for row in rows]
    return found


def hidden_from(caller: Principal, reports: Sequence[ReportState], world: World) -> bool:
    """Whether it must look to the caller as if it did not exist: a report complains of them, or
    of somebody whom they are under."""
    now = clock.now()
    return any(
        world.conflict(report.said.about, now).hides_from(caller.id, caller.department)
        for report in reports
        if report.said is not None
    )


def _age(state: EvidenceState) -> tuple[str, str]:
    assert state.attached is not None
    return state.attached.attached_at.isoformat(), state.evidence
