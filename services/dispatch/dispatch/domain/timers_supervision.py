"""The timers of supervision: slips that are not answered in time."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events.base import EventData
from dispatch.domain.case_parts import Slip
from dispatch.domain.slips import overdue
from dispatch.domain.state import CaseState, Status
from dispatch.domain.timer import Timer
from dispatch.domain.world import World


def _open(state: CaseState) -> Slip | None:
    """Of those that wait for their answer the first to be due. A void case asks for none; one
    that is closed does."""
    waiting = [s for s in state.slips if s.answered_at is None and not s.breached and s.answer_by]
    if state.status == Status.VOIDED or not waiting:
        return None
    return min(waiting, key=lambda slip: slip.answer_by or slip.issued_at)


def _answer_by(state: CaseState) -> datetime | None:
    slip = _open(state)
    return slip.answer_by if slip else None


def _not_answered(state: CaseState, _: World, now: datetime) -> Sequence[EventData]:
    slip = _open(state)
    assert slip is not None
    return [overdue(state, slip)]


TIMERS = (Timer("slip", _answer_by, _not_answered),)
