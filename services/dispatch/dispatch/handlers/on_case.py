"""Events of a case from other services."""

from case_contracts.commands import Forwarded
from case_contracts.envelope import Envelope
from case_contracts.events.intake import CaseOpened, SatisfactionRated
from case_contracts.events.joint import OperationConcluded
from dispatch.commands.conclude_operation import ConcludeOperation
from dispatch.commands.department_command import command_of
from dispatch.commands.hear_rating import HearRating
from dispatch.commands.open_case import OpenCase
from service_kit.events.subscriptions import Translated


def on_case_opened(data: CaseOpened, _: Envelope) -> Translated:
    return Translated(data.case, OpenCase(data))


def on_satisfaction_rated(data: SatisfactionRated, _: Envelope) -> Translated | None:
    if data.solved:
        return None
    return Translated(data.case, HearRating(data.report, data.solved, data.rated_at))


def on_operation_concluded(data: OperationConcluded, _: Envelope) -> Translated:
    return Translated(data.case, ConcludeOperation(data.operation))


def on_department_command(forwarded: Forwarded) -> Translated:
    """Commands about tasks; the gateway sends those about operations to joint."""
    command = command_of(forwarded)
    return Translated(command.command.case, command)
