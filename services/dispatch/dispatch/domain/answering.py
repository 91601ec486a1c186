"""The answer to the reporters: given with the closing where the handler proposed one; otherwise
somebody owes it from the closing on. Each closing has its own."""

from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from dispatch.domain.clocks import start_answer, stop_clock
from dispatch.domain.state import CaseState
from dispatch.domain.world import World


def at_closing(state: CaseState, world: World, at: datetime, by: str) -> list[EventData]:
    """``by`` is who verified the work, and with it the words that were proposed."""
    if state.answer is not None and state.answer.statement is not None:
        limited = world.supervision.rules.answer_limit is not None
        return [_given(state, state.answer.statement, by, at, True if limited else None)]
    return [start_answer(state, world, at, None)] if owed(state) else []


def owed(state: CaseState) -> bool:
    """Nobody waits for an answer to what staff saw on duty, or to the past of a city."""
    return state.by is None and not state.recorded


def give(state: CaseState, statement: str, by: str, at: datetime) -> list[EventData]:
    """These are the words for the reporters; the clock of the answer stops."""
    clock = state.running(ClockKind.ANSWER)
    on_time = None if clock is None or clock.due_at is None else at <= clock.due_at
    return [
        *stop_clock(state, ClockKind.ANSWER, at, "answered"),
        _given(state, statement, by, at, on_time),
    ]


def _given(
    state: CaseState, statement: str, by: str, at: datetime, on_time: bool | None
) -> events.AnswerGiven:
    return events.AnswerGiven(
        case=state.case, statement=statement, by=by, given_at=at, on_time=on_time
    )
