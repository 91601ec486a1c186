"""What becomes of cases, from dispatch."""

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import (
    CaseClosed,
    CaseReopened,
    CaseVoided,
    ReopeningReferred,
    ReopeningRefused,
    TaskAssigned,
)
from notification.commands.aggregate import id_of
from notification.commands.tell_reporters import TellReporters
from service_kit.events.subscriptions import Translated


def on_task_assigned(data: TaskAssigned, _: Envelope) -> Translated | None:
    """Only the first assignment is news for the reporter."""
    if data.assignment > 1 or data.rework:
        return None
    return Translated(id_of(data.case), TellReporters("assigned"))


def on_case_closed(data: CaseClosed, _: Envelope) -> Translated | None:
    """Nobody is told of imported history."""
    return None if data.recorded else Translated(id_of(data.case), TellReporters("closed"))


def on_case_reopened(data: CaseReopened, _: Envelope) -> Translated:
    return Translated(id_of(data.case), TellReporters("reopened"))


def on_case_voided(data: CaseVoided, _: Envelope) -> Translated | None:
    """What people have decided; whose report was linked, or who withdrew, knows of it already."""
    if data.by is None or data.into is not None:
        return None
    return Translated(id_of(data.case), TellReporters("voided"))


def on_reopening_referred(data: ReopeningReferred, _: Envelope) -> Translated:
    return Translated(id_of(data.case), TellReporters("reopening_referred", data.report))


def on_reopening_refused(data: ReopeningRefused, _: Envelope) -> Translated:
    return Translated(id_of(data.case), TellReporters("reopening_refused", data.report))
