"""Somebody has accepted the work: whoever took the report answers for it no longer (首接负责)."""

from dataclasses import dataclass

from case_contracts.events.intake import ReceiverReleased
from intake.domain.case import CaseState
from service_kit.store.model import Context, Decision


@dataclass(frozen=True)
class ReleaseReceiver:
    """The task was accepted, or done at once."""


def release_receiver(state: CaseState, command: ReleaseReceiver, context: Context) -> Decision:
    """``receiver.released``, once."""
    if state.receiver is None:
        return []
    return [ReceiverReleased(case=state.case, receiver=state.receiver, released_at=context.now)]
