"""What the gateway listens to, at a glance: rows of inboxes, and the charters behind them."""

from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events import dispatch, joint, registry
from gateway.domain.rows import INBOX
from gateway.handlers import answers, notices, operations, tasks
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
        Numbered(dispatch.PauseRequested, INBOX, answers.on_pause_requested, settle),
        Numbered(dispatch.ExtensionRequested, INBOX, answers.on_extension_requested, settle),
        Numbered(dispatch.SlipIssued, INBOX, notices.on_slip_issued, settle),
        Numbered(dispatch.TaskPressed, INBOX, notices.on_task_pressed, settle),
        Numbered(dispatch.ClockPaused, INBOX, notices.on_clock_paused, settle),
        Numbered(dispatch.ClockResumed, INBOX, notices.on_clock_resumed, settle),
        Numbered(dispatch.ClockExtended, INBOX, notices.on_clock_extended, settle),
        Numbered(dispatch.ReliefRefused, INBOX, notices.on_relief_refused, settle),
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
