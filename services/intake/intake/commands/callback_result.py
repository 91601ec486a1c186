"""An operator has called: what became of it."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import CallbackMade, CallbackWhy, CallOutcome
from intake.commands.callback_claim import known
from intake.domain.callback import MOST_ATTEMPTS, Call, CaseCalls
from service_kit.errors import Invalid, Refused
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class RecordCall:
    """What was answered; ``solved`` and ``score`` where the reporter rated the closing."""

    callback: str
    by: str
    outcome: CallOutcome
    solved: bool | None = None
    score: int | None = None
    wants_reopening: bool = False


def record_call(state: CaseCalls, command: RecordCall, context: Context) -> Decision:
    """``callback.made``: nobody answering is tried again after a pause, three times in all.

    The same operator's same word again changes nothing. Raises NotFound, Refused ``not_claimed``,
    Invalid ``nothing_to_rate`` where they were not called about a closing.
    """
    call = known(state, command.callback)
    if _said_before(call, command):
        return []
    if call.ended or call.claim is None or call.claim.by != command.by:
        raise Refused("claim the call-back before you call", code="not_claimed")
    if call.why is not CallbackWhy.CLOSED and _answered(command):
        raise Invalid("they were not called about a closing: nothing to rate or to open again",
                      code="nothing_to_rate")  # fmt: skip
    return [
        CallbackMade(
            callback=call.callback,
            report=call.report,
            case=state.case,
            by=command.by,
            why=call.why,
            happened_at=call.happened_at,
            outcome=command.outcome,
            attempt=call.attempts + 1,
            solved=command.solved,
            score=command.score,
            wants_reopening=command.wants_reopening,
            made_at=context.now,
            again_at=_again(call, command, context),
        )
    ]


def _said_before(call: Call, command: RecordCall) -> bool:
    last = call.last
    return call.claim is None and last is not None and (last.by, last.outcome) == (
        command.by, command.outcome,
    )  # fmt: skip


def _answered(command: RecordCall) -> bool:
    return command.solved is not None or command.wants_reopening


def _again(call: Call, command: RecordCall, context: Context) -> datetime | None:
    if command.outcome is not CallOutcome.NOT_REACHED or call.attempts + 1 >= MOST_ATTEMPTS:
        return None
    again: datetime = context.now + context.world.policy.callback_pause
    return again
