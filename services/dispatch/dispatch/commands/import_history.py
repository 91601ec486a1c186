"""A city's past, brought along under the scope ``history.import``: everything happens at its
recorded time, limits run out in event time, nobody is told and nobody has to act."""

from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.intake import CaseOpened
from dispatch.domain.clocks import stop_clock
from dispatch.domain.evolve import evolve_all
from dispatch.domain.routing import route
from dispatch.domain.state import CaseState
from dispatch.domain.steps import assign, close, facts, overdue
from dispatch.domain.world import World
from service_kit.store import Context, Occurred


def as_recorded(
    state: CaseState, begun: list[EventData], filed: CaseOpened, context: Context
) -> list[Occurred]:
    """The case's whole course as far as the records know it."""
    assert filed.recorded is not None
    world: World = context.world
    start, end = filed.reported_at, filed.recorded.closed_at
    assigned = assign(state, world, start, route(state, world, context.now), context.new_id("task"))
    state = evolve_all(state, assigned)
    course = [Occurred(event, start) for event in (*begun, *assigned)]
    course += _overdue(state, end or context.now)
    if end is not None:
        course += _closing(state, end)
    return course


def _overdue(state: CaseState, until: datetime) -> list[Occurred]:
    task = state.task
    assert task is not None
    if task.due_at is None or until <= task.due_at:
        return []
    return [Occurred(event, task.due_at) for event in overdue(state, task)]


def _closing(state: CaseState, end: datetime) -> list[Occurred]:
    task = state.task
    assert task is not None
    completed = events.TaskCompleted(
        **facts(state, task),
        completed_at=end,
        on_time=None if task.due_at is None else end <= task.due_at,
    )
    done: list[EventData] = [completed, *stop_clock(state, ClockKind.HANDLE, end, "completed")]
    done += close(evolve_all(state, done), end, end)
    return [Occurred(event, end) for event in done]
