"""What the gateway listens to, at a glance: rows of inboxes, and the charters behind them."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events import dispatch, joint, registry
from gateway.domain.rows import INBOX
from gateway.handlers import answers, operations, tasks
from gateway.handlers.settle import settle
from service_kit.events.numbered import Numbered
from service_kit.events.subscriptions import Mirror, Subscriptions


def _version(data: Any, envelope: Envelope) -> str:
    return f"{envelope.subject}|{data.version}"


SUBSCRIPTIONS = Subscriptions(
    "gateway",
    [
        Numbered(dispatch.TaskAssigned, INBOX, tasks.on_task_assigned, settle),
        Numbered(dispatch.TaskRevoked, INBOX, tasks.on_task_revoked, settle),
        Numbered(dispatch.TaskAccepted, INBOX, answers.on_task_accepted, settle),
        Numbered(dispatch.TaskProgressed, INBOX, answers.on_task_progressed, settle),
        Numbered(dispatch.TaskReturned, INBOX, answers.on_task_returned, settle),
        Numbered(dispatch.TaskCompleted, INBOX, answers.on_task_completed, settle),
        Numbered(dispatch.WhistleBlown, INBOX, answers.on_whistle_blown, settle),
        Numbered(dispatch.CommandRefused, INBOX, answers.on_command_refused, settle),
        Numbered(joint.OperationConvened, INBOX, operations.on_operation_convened, settle),
        Numbered(joint.UnitJoined, INBOX, answers.on_unit_joined, settle),
        Numbered(joint.UnitDeclined, INBOX, answers.on_unit_declined, settle),
        Numbered(joint.UnitArrived, INBOX, answers.on_unit_arrived, settle),
        Numbered(joint.UnitSignedOff, INBOX, answers.on_unit_signed_off, settle),
        Numbered(joint.OperationCommandRefused, INBOX, answers.on_command_refused, settle),
        Numbered(joint.OperationConcluded, INBOX, operations.on_operation_concluded, settle),
        Mirror(registry.CharterGranted, "mirror_charter", _version),
        Mirror(registry.CharterRevoked, "mirror_charter", _version),
        Mirror(registry.DepartmentRegistered, "mirror_department"),
    ],
)
