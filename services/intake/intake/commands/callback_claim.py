"""An operator takes a call in hand, so that no two call the same person."""

from dataclasses import dataclass
from datetime import timedelta

from case_contracts.events.intake import CallbackClaimed
from intake.domain.callback import Call, CaseCalls
from service_kit.errors import NotFound, Refused
from service_kit.store.model import Context, Decision

LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class ClaimCallback:
    """``own_case``: the operator works on the case or checks it, and so must not ask."""

    callback: str
    by: str
    own_case: bool


def claim_callback(state: CaseCalls, command: ClaimCallback, context: Context) -> Decision:
    """``callback.claimed`` for 15 minutes; again by the same operator changes nothing.

    Raises NotFound, and Refused ``own_work``, ``callback_ended``, ``too_early``, ``claimed``.
    """
    call = known(state, command.callback)
    if command.own_case:
        raise Refused("whoever works on the case does not ask its reporters", code="own_work")
    if call.ended:
        raise Refused("this call-back has ended", code="callback_ended")
    if call.again_at is not None and call.again_at > context.now:
        raise Refused(f"nobody answered: call again from {call.again_at.isoformat()} on",
                      code="too_early")  # fmt: skip
    if call.claim is not None and call.claimed(context.now):
        if call.claim.by == command.by:
            return []
        raise Refused("another operator has it in hand; take the next one", code="claimed")
    return [
        CallbackClaimed(
            callback=call.callback,
            report=call.report,
            case=state.case,
            by=command.by,
            until=context.now + LEASE,
        )
    ]


def known(state: CaseCalls, callback: str) -> Call:
    """The call; raises NotFound."""
    call = state.call(callback)
    if call is None:
        raise NotFound("there is no such call-back")
    return call
