"""What intake listens to, and what it does at once on events of its own."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import (
    CaseClosed,
    CaseReopened,
    TaskAssigned,
    TaskOverdue,
    VerificationRequested,
)
from case_contracts.events.intake import ReportReceived, ReportTriaged, RulesPublished
from case_contracts.events.notification import NoticeSent
from case_contracts.events.registry import (
    DistrictPublished,
    GridPublished,
    GridRetired,
    StandardPublished,
)
from intake.handlers import on_open311, on_progress
from intake.handlers.on_report_received import open_its_case
from service_kit.events.subscriptions import Fact, Mirror, Subscriptions
from service_kit.store.follow import FollowUp

GRIDS, STANDARDS, DISTRICT = "mirror_grid", "mirror_standard", "mirror_district"
RULES = "mirror_rules"
PROGRESS = "fact_progress"
REQUESTS, REQUEST_ENDS = "fact_requests", "fact_request_ends"


def _from(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_from.isoformat()}"


def _until(data: GridRetired, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_to.isoformat()}"


def _version(data: StandardPublished, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.version}"


SUBSCRIPTIONS = Subscriptions(
    "intake",
    [
        Mirror(DistrictPublished, DISTRICT),
        Mirror(GridPublished, GRIDS, _from),
        Mirror(GridRetired, GRIDS, _until),
        Mirror(StandardPublished, STANDARDS, _version),
        Mirror(RulesPublished, RULES),
        Fact(TaskAssigned, PROGRESS, on_progress.assigned),
        Fact(TaskOverdue, PROGRESS, on_progress.overdue),
        Fact(VerificationRequested, PROGRESS, on_progress.done),
        Fact(CaseClosed, PROGRESS, on_progress.closed),
        Fact(CaseReopened, PROGRESS, on_progress.reopened),
        Fact(NoticeSent, PROGRESS, on_progress.told),
        Fact(ReportReceived, REQUESTS, on_open311.offered),
        Fact(ReportTriaged, REQUESTS, on_open311.offered),
        Fact(CaseClosed, REQUEST_ENDS, on_open311.closed),
        Fact(CaseReopened, REQUEST_ENDS, on_open311.reopened),
    ],
)

FOLLOW_UPS = [
    FollowUp(ReportReceived, "intake.open-case", open_its_case),
]
"""Committed in the batch of the event that they follow, behind it."""
