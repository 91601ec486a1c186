"""Events of dispatch that a department must know of besides its task: slips, being pressed, more
time given or not."""

from collections.abc import Mapping
from typing import Any

from case_contracts.envelope import Envelope
from case_contracts.events import dispatch
from case_contracts.values import Party
from gateway.domain.rows import NOTICE, text_of
from gateway.handlers.tasks import department_of

Draft = Mapping[str, Any]
HANDLES = "handle:"
"""Of a pause or an extension the handler is told what it does to its own clock."""


def on_slip_issued(event: dispatch.SlipIssued, envelope: Envelope) -> Draft | None:
    return _notice(
        "slip", event.case, event.to, envelope, at=text_of(event.issued_at), reason=event.trigger,
        slip=event.slip, colour=event.colour, answer_by=text_of(event.answer_by),
    )  # fmt: skip


def on_task_pressed(event: dispatch.TaskPressed, envelope: Envelope) -> Draft | None:
    at = text_of(event.pressed_at)
    return _notice("pressed", event.case, event.handler, envelope, at=at, reason=event.reason)


def on_clock_paused(event: dispatch.ClockPaused, envelope: Envelope) -> Draft | None:
    return _of_clock(
        "paused", event, envelope, at=text_of(event.paused_at), reason=event.reason,
        request=event.request, until=text_of(event.until),
    )  # fmt: skip


def on_clock_resumed(event: dispatch.ClockResumed, envelope: Envelope) -> Draft | None:
    at, due_at = text_of(event.resumed_at), text_of(event.due_at)
    return _of_clock("resumed", event, envelope, at=at, due_at=due_at)


def on_clock_extended(event: dispatch.ClockExtended, envelope: Envelope) -> Draft | None:
    return _of_clock(
        "extended", event, envelope, at=text_of(event.extended_at), reason=event.reason,
        request=event.request, due_at=text_of(event.due_at),
    )  # fmt: skip


def on_relief_refused(event: dispatch.ReliefRefused, envelope: Envelope) -> Draft | None:
    return _notice(
        "relief_refused", event.case, event.party, envelope, at=text_of(event.refused_at),
        reason=event.reason, request=event.request,
    )  # fmt: skip


def _of_clock(what: str, event: Any, envelope: Envelope, **said: Any) -> Draft | None:
    if not event.clock.startswith(HANDLES):
        return None
    return _notice(what, event.case, event.party, envelope, **said)


def _notice(
    what: str, case: str, to: Party | None, envelope: Envelope, **said: Any
) -> Draft | None:
    """Nothing of who supervises, of the leader in charge or of the words: those are not the
    department's to see here."""
    department = department_of(to) if to is not None else None
    if department is None:
        return None
    return {
        "kind": NOTICE,
        "about": case,
        "department": department,
        "case": case,
        "traceparent": envelope.traceparent,
        "data": {"what": what, "case": case, **said},
    }
