"""The limit for the answer to the reporters of a closed case."""

from collections.abc import Sequence
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain.state import CaseState
from dispatch.domain.timer import Timer
from dispatch.domain.world import World


def _due(state: CaseState) -> datetime | None:
    clock = state.running(ClockKind.ANSWER)
    late = state.answer is not None and state.answer.overdue
    return clock.due_at if clock is not None and not late else None


def _late(state: CaseState, _: World, now: datetime) -> Sequence[EventData]:
    due_at = _due(state)
    assert due_at is not None
    return [events.AnswerOverdue(case=state.case, due_at=due_at)]


TIMERS = (Timer("answer", _due, _late),)
