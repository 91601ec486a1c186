"""What first receivers still answer for (首接负责): taken by them, accepted by nobody yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from case_contracts.values import About
from intake.domain.case import CaseState
from intake.domain.looked_up import at_desk
from intake.domain.report import ReportState
from intake.views.reports import VIEW, report_states
from intake.views.triage import MOST_WAITING
from service_kit.mongo import ASCENDING, Database, Document

EVERYBODY: Mapping[str, str] = {"$gte": "", "$lt": "~"}


async def create_indexes(database: Database) -> None:
    """Only cases that somebody still answers for first are in it."""
    await database["view_case"].create_index(
        [("receiver", ASCENDING)], name="receiver", sparse=True
    )


@dataclass(frozen=True)
class Answering:
    """One report or case that somebody answers for first; ``case`` is null while it waits for a
    reviewer."""

    key: str
    receiver: str
    report: str
    case: str | None
    matter: str
    reported_at: datetime


async def answering(
    database: Database, receiver: str | None, hides: Callable[[About | None], bool]
) -> list[Answering]:
    """The oldest first; of one receiver or, with None, of all."""
    opened = await _opened(database, receiver, hides)
    waiting = await _waiting(database, receiver, hides)
    return sorted([*opened, *waiting], key=lambda each: each.key)


async def _opened(
    database: Database, receiver: str | None, hides: Callable[[About | None], bool]
) -> list[Answering]:
    who = EVERYBODY if receiver is None else receiver
    rows = await database["view_case"].find({"receiver": who}).limit(MOST_WAITING).to_list(None)
    cases = [CaseState.model_validate(row["state"]) for row in rows]
    cases = [case for case in cases if case.reports and not hides(case.about)]
    stands = await _stands(database, [case.reports[0] for case in cases])
    return [_of_case(case, stands[case.reports[0]]) for case in cases if case.reports[0] in stands]


async def _stands(database: Database, reports: list[str]) -> dict[str, ReportState]:
    """Those of the reports that were not withdrawn."""
    found = await report_states(database, reports)
    return {report: state for report, state in found.items() if state.withdrawn_at is None}


def _of_case(case: CaseState, report: ReportState) -> Answering:
    assert case.receiver is not None
    assert report.reported_at is not None
    return Answering(
        _key(report), case.receiver, report.report, case.case, case.matter, report.reported_at
    )


async def _waiting(
    database: Database, receiver: str | None, hides: Callable[[About | None], bool]
) -> list[Answering]:
    rows = database[VIEW].find({"by": at_desk("triage")}).limit(MOST_WAITING)
    waiting = [_state(row) async for row in rows]
    return [
        Answering(_key(state), said.receiver, state.report, None, said.matter, said.reported_at)
        for state in waiting
        if (said := state.said) is not None
        and said.receiver is not None
        and receiver in (None, said.receiver)
        and not hides(said.about)
    ]


def _key(report: ReportState) -> str:
    assert report.reported_at is not None
    return f"{report.reported_at.timestamp():017.6f}~{report.report}"


def _state(row: Document) -> ReportState:
    return ReportState.model_validate(row["state"])
