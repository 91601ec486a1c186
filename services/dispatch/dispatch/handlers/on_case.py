"""Events of a case from other services."""

from case_contracts.commands import Forwarded
from case_contracts.envelope import Envelope
from case_contracts.events.intake import (
    CaseOpened,
    ReopeningRequested,
    ReportLinked,
    ReportWithdrawn,
    SatisfactionRated,
)
from case_contracts.events.joint import OperationConcluded
from dispatch.commands.conclude_operation import ConcludeOperation
from dispatch.commands.department_command import command_of
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.hear_withdrawal import HearWithdrawal
from dispatch.commands.open_case import OpenCase
from dispatch.commands.reopen import Reopen
from dispatch.commands.void_case import VoidCase
from service_kit.events.subscriptions import Translated


def on_case_opened(data: CaseOpened, _: Envelope) -> Translated:
    return Translated(data.case, OpenCase(data))


def on_satisfaction_rated(data: SatisfactionRated, _: Envelope) -> Translated | None:
    if data.solved:
        return None
    return Translated(data.case, HearRating(data.report, data.solved, data.rated_at))


def on_reopening_requested(data: ReopeningRequested, _: Envelope) -> Translated:
    return Translated(data.case, Reopen(data.report, data.requested_at, data.reason))


def on_report_withdrawn(data: ReportWithdrawn, _: Envelope) -> Translated | None:
    """While another report stands behind the case nothing changes for it."""
    return Translated(data.case, HearWithdrawal(data.report)) if data.last else None


def on_report_linked(data: ReportLinked, _: Envelope) -> Translated | None:
    """The case that the report had opened ends when no other report stands behind it."""
    if data.from_case is None or not data.emptied:
        return None
    return Translated(data.from_case, VoidCase("linked", data.case, data.by))


def on_operation_concluded(data: OperationConcluded, _: Envelope) -> Translated:
    return Translated(data.case, ConcludeOperation(data.operation))


def on_department_command(forwarded: Forwarded) -> Translated:
    """Commands about tasks; the gateway sends those about operations to joint."""
    command = command_of(forwarded)
    return Translated(command.command.case, command)
