"""What notification listens to, at a glance.

A report is heard of even if it is older than this service, so that what happens to its case
later finds its reporter; the news themselves are told from the service's first start on.
"""

from case_contracts.events import dispatch, intake
from notification.handlers import on_link
from notification.handlers.on_case import (
    on_case_closed,
    on_case_reopened,
    on_case_voided,
    on_reopening_referred,
    on_reopening_refused,
    on_task_assigned,
)
from notification.handlers.on_report import (
    case_of_report,
    on_report_received,
    on_report_rejected,
    on_report_supplemented,
    on_report_withdrawn,
)
from notification.views.notices import REPORTS
from service_kit.events import ties
from service_kit.events.subscriptions import Command, Fact, Subscriptions

SUBSCRIPTIONS = Subscriptions(
    "notification",
    [
        Command(intake.ReportReceived, "notification.report-received", on_report_received),
        Fact(intake.ReportReceived, REPORTS, case_of_report),
        Command(intake.ReportLinked, "notification.report-linked", on_link.on_linked),
        Command(intake.ReportLinked, "notification.report-linked-away", on_link.on_linked_away),
        Fact(intake.ReportLinked, REPORTS, on_link.case_of_report),
        Command(intake.ReportUnlinked, "notification.report-unlinked", on_link.on_unlinked),
        Command(
            intake.ReportUnlinked, "notification.report-unlinked-away", on_link.on_unlinked_away
        ),
        Fact(intake.ReportUnlinked, REPORTS, on_link.case_of_report),
        Command(intake.ReportRejected, "notification.report-rejected", on_report_rejected, True),
        Command(intake.ReportWithdrawn, "notification.report-withdrawn", on_report_withdrawn),
        Command(
            intake.ReportSupplemented, "notification.report-supplemented", on_report_supplemented
        ),
        Command(dispatch.TaskAssigned, "notification.task-assigned", on_task_assigned, True),
        Command(dispatch.CaseClosed, "notification.case-closed", on_case_closed, True),
        Command(dispatch.CaseVoided, "notification.case-voided", on_case_voided, True),
        Command(dispatch.CaseReopened, "notification.case-reopened", on_case_reopened, True),
        Command(
            dispatch.ReopeningReferred,
            "notification.reopening-referred",
            on_reopening_referred,
            True,
        ),
        Command(
            dispatch.ReopeningRefused, "notification.reopening-refused", on_reopening_refused, True
        ),
        *ties.GRIDS,
        *ties.POSTINGS,
        *ties.LEADING,
    ],
)
