"""What calls for a call-back, or makes one needless. Nobody is called about imported history."""

from case_contracts.envelope import Envelope
from case_contracts.events.dispatch import CaseClosed, CaseReopened, ReopeningRefused
from case_contracts.events.intake import (
    CallbackMade,
    CallbackWhy,
    DropReason,
    ReportLinked,
    ReportReceived,
    ReportRejected,
    ReportSupplemented,
    ReportUnlinked,
    ReportWithdrawn,
)
from intake.commands.answer_by_phone import AnswerByPhone
from intake.commands.callback_drop import DropCallbacks
from intake.commands.callback_request import PromiseCallback, RequestCallbacks
from intake.domain.callback import by_phone_alone, id_of
from service_kit.events.subscriptions import Translated


def promised(data: ReportReceived | ReportUnlinked) -> Translated | None:
    """Who left only a telephone number."""
    if data.recorded is not None or not by_phone_alone(data.reachable):
        return None
    return Translated(id_of(data.case), PromiseCallback(data.report))


def promised_later(data: ReportLinked | ReportSupplemented) -> Translated | None:
    """In the case that the report stands behind from now on; or who left a number only now."""
    if not by_phone_alone(data.reachable):
        return None
    return Translated(id_of(data.case), PromiseCallback(data.report))


def rejected(data: ReportRejected) -> Translated | None:
    if data.case is None or not by_phone_alone(data.reachable):
        return None
    wanted = RequestCallbacks(CallbackWhy.REJECTED, report=data.report)
    return Translated(id_of(data.case), wanted)


def withdrawn(data: ReportWithdrawn) -> Translated:
    return Translated(id_of(data.case), DropCallbacks(DropReason.WITHDRAWN, report=data.report))


def answered(data: CallbackMade) -> Translated | None:
    """What was said on the telephone is the report's."""
    if data.solved is None and not data.wants_reopening:
        return None
    said = AnswerByPhone(
        by=data.by,
        since=data.happened_at,
        solved=data.solved,
        score=data.score,
        wants_reopening=data.wants_reopening,
        made_at=data.made_at,
    )
    return Translated(data.report, said)


def closed(data: CaseClosed, _: Envelope) -> Translated | None:
    if data.recorded:
        return None
    return Translated(id_of(data.case), RequestCallbacks(CallbackWhy.CLOSED, data.closed_at))


def stays_closed(data: ReopeningRefused, _: Envelope) -> Translated:
    why = CallbackWhy.REOPENING_REFUSED
    return Translated(id_of(data.case), RequestCallbacks(why, data.refused_at, data.report))


def reopened(data: CaseReopened, _: Envelope) -> Translated:
    """Nobody is asked about a closing that is none any longer."""
    return Translated(id_of(data.case), DropCallbacks(DropReason.REOPENED, closing=True))
