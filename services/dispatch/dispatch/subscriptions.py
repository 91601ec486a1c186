"""What dispatch listens to, at a glance."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events import dispatch, intake, joint, registry
from dispatch.handlers.on_case import (
    on_case_opened,
    on_operation_concluded,
    on_reopening_requested,
    on_report_linked,
    on_report_withdrawn,
    on_satisfaction_rated,
)
from service_kit.events import ties
from service_kit.events.subscriptions import Command, Mirror, Subscriptions


def _version(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.version}"


def _validity(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_from.isoformat()}"


def _end(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.valid_to.isoformat()}"


SUBSCRIPTIONS = Subscriptions(
    "dispatch",
    [
        Command(intake.CaseOpened, "dispatch.case-opened", on_case_opened),
        Command(intake.SatisfactionRated, "dispatch.satisfaction-rated", on_satisfaction_rated),
        Command(intake.ReopeningRequested, "dispatch.reopening-requested", on_reopening_requested),
        Command(intake.ReportLinked, "dispatch.report-linked", on_report_linked),
        Command(intake.ReportWithdrawn, "dispatch.report-withdrawn", on_report_withdrawn),
        Command(joint.OperationConcluded, "dispatch.operation-concluded", on_operation_concluded),
        Mirror(registry.GridPublished, "mirror_grid", _validity),
        Mirror(registry.GridRetired, "mirror_grid", _end),
        Mirror(registry.StandardPublished, "mirror_standard", _version),
        Mirror(registry.CalendarPublished, "mirror_calendar", _version),
        Mirror(registry.CharterGranted, "mirror_charter", _version),
        Mirror(registry.CharterRevoked, "mirror_charter", _version),
        *ties.POSTINGS,
        *ties.LEADING,
        Mirror(registry.MatterAdmitted, "mirror_admission", _validity),
        Mirror(registry.MatterWithdrawn, "mirror_admission", _end),
        Mirror(dispatch.SupervisionPublished, "mirror_supervision"),
        Mirror(dispatch.KnowledgePublished, "mirror_knowledge", _version),
    ],
)
