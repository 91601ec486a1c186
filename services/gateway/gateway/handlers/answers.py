"""Events that say what became of a department's command.

The event's cause is the forwarded command's id; ``settle`` finds whose it was. Drafts carry
``names``: the commands that this event can answer (completing a lapsed task accepts it too,
and only one of the two events is the answer).
"""

from collections.abc import Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events import dispatch, joint
from gateway.domain.rows import ANSWERED, text_of
from gateway.handlers.tasks import department_of

Draft = Mapping[str, Any]


def _answer(
    envelope: Envelope, department: str, names: tuple[str, ...], **said: Any
) -> dict[str, Any]:
    return {
        "kind": ANSWERED,
        "about": envelope.causationid,
        "department": department,
        "names": list(names),
        "traceparent": envelope.traceparent,
        "data": {"accepted": True, **said},
    }


def _of_task(event: Any, envelope: Envelope, *names: str, **said: Any) -> dict[str, Any] | None:
    department = department_of(event.handler)
    return _answer(envelope, department, names, **said) if department else None


def on_task_accepted(event: dispatch.TaskAccepted, envelope: Envelope) -> Draft | None:
    return _of_task(event, envelope, "accept", lease_until=text_of(event.lease_until))


def on_task_progressed(event: dispatch.TaskProgressed, envelope: Envelope) -> Draft | None:
    until = text_of(event.lease_until)
    return _of_task(event, envelope, "heartbeat", "progress", lease_until=until)


def on_task_returned(event: dispatch.TaskReturned, envelope: Envelope) -> Draft | None:
    return _of_task(event, envelope, "return")


def on_task_completed(event: dispatch.TaskCompleted, envelope: Envelope) -> Draft | None:
    """Where no command of the department's caused it (its operation was concluded, a supervisor
    stepped in), the department is told that the task is over."""
    draft = _of_task(event, envelope, "complete")
    if draft is not None:
        draft["over"] = {
            "case": event.case,
            "taskid": event.taskid,
            "assignment": event.assignment,
            "reason": "completed_otherwise",
        }
    return draft


def on_pause_requested(event: dispatch.PauseRequested, envelope: Envelope) -> Draft | None:
    return _of_request(event, envelope, "ask_pause")


def on_extension_requested(event: dispatch.ExtensionRequested, envelope: Envelope) -> Draft | None:
    return _of_request(event, envelope, "ask_extension")


def _of_request(event: Any, envelope: Envelope, name: str) -> Draft | None:
    """Taken; how it is decided comes as a notice of this ``request``."""
    department = department_of(event.by)
    return _answer(envelope, department, (name,), request=event.request) if department else None


def on_whistle_blown(event: dispatch.WhistleBlown, envelope: Envelope) -> Draft | None:
    department = department_of(event.by)
    if department is None:
        return None
    return _answer(envelope, department, ("ask_help",), operation=event.operation)


def on_command_refused(
    event: dispatch.CommandRefused | joint.OperationCommandRefused, envelope: Envelope
) -> Draft:
    said = {"accepted": False, "code": event.code, "retry": event.retry}
    return _answer(envelope, event.department, (event.name,), **said)


def _of_unit(event: Any, envelope: Envelope, name: str, step: str) -> Draft:
    told = {"operation": event.operation, "case": event.case, "unit": event.unit, "step": step}
    return {**_answer(envelope, event.unit, (name,)), "lead_is_told": told}


def on_unit_joined(event: joint.UnitJoined, envelope: Envelope) -> Draft:
    return _of_unit(event, envelope, "join", "joined")


def on_unit_declined(event: joint.UnitDeclined, envelope: Envelope) -> Draft:
    return _of_unit(event, envelope, "decline", "declined")


def on_unit_arrived(event: joint.UnitArrived, envelope: Envelope) -> Draft:
    return _of_unit(event, envelope, "arrive", "arrived")


def on_unit_signed_off(event: joint.UnitSignedOff, envelope: Envelope) -> Draft:
    return _of_unit(event, envelope, "sign_off", "signed_off")
