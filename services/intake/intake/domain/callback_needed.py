"""Whether a call is still of use when somebody is about to make it."""

from case_contracts.events.intake import CallbackWhy, DropReason
from intake.domain.callback import Call, by_phone_alone
from intake.domain.report import ReportState


def why_not(call: Call, report: ReportState, case: str) -> DropReason | None:
    """Why it need not be made; None where it is to be made.

    Who has voted on the closing meanwhile, or has left an email address, is not called; nor who
    has withdrawn, or whose report stands behind another case by now.
    """
    if report.withdrawn_at is not None:
        return DropReason.WITHDRAWN
    if report.case != case:
        return DropReason.NOT_BEHIND_THE_CASE
    rated = report.rating is not None and report.rating.at >= call.happened_at
    answered = call.why is CallbackWhy.CLOSED and rated
    told_by_email = report.said is not None and not by_phone_alone(report.said.reachable)
    return DropReason.ANSWERED_OTHERWISE if answered or told_by_email else None
