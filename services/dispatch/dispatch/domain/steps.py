"""The building blocks of decisions: assigning, clocks, verification, closing. Pure."""

from datetime import datetime, timedelta
from typing import TypedDict

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.registry import Condition
from case_contracts.values import Limit, LimitUnit, Party, PartyKind
from dispatch.domain.case_parts import Task
from dispatch.domain.clocks import start_clock, stop_clock
from dispatch.domain.relief import end_relief, standing
from dispatch.domain.routing import Route
from dispatch.domain.state import CaseState
from dispatch.domain.verifying import first_verifier
from dispatch.domain.world import World
from service_kit.worktime import deadline


def condition_of(state: CaseState, world: World) -> Condition:
    assert state.standard is not None
    return world.standards.condition(state.standard, state.matter, state.condition)


class TaskFacts(TypedDict):
    """What every event about a task says of it."""

    case: str
    taskid: str
    assignment: int
    handler: Party


def facts(state: CaseState, task: Task) -> TaskFacts:
    return TaskFacts(
        case=state.case, taskid=task.id, assignment=task.assignment, handler=task.handler
    )


def overdue(state: CaseState, task: Task) -> list[events.TaskOverdue]:
    """The handler's limit, at its exact time, where there is one."""
    if task.due_at is None:
        return []
    return [events.TaskOverdue(**facts(state, task), due_at=task.due_at)]


def accept(state: CaseState, world: World, at: datetime) -> list[EventData]:
    """The department takes the task under a lease: its time to accept ends."""
    task = state.task
    assert task is not None
    return [
        events.TaskAccepted(
            **facts(state, task),
            accepted_at=at,
            lease_until=lease_from(state, world, at),
            receiver=state.receiver,
        ),
        *stop_clock(state, ClockKind.ACCEPT, at, "accepted"),
    ]


def lease_from(state: CaseState, world: World, at: datetime) -> datetime:
    """Until when the next heartbeat must come. While time stands still the lease waits: it is
    counted from the end of the pause."""
    pause = standing(state)
    begun = at if pause is None else max(at, pause.until)
    if not _in_working_time(state, world):
        return begun + world.policy.lease
    assert state.calendar is not None
    limit = _hours(world.policy.lease, LimitUnit.WORKING_HOURS)
    return deadline(begun, limit, world.calendar(state.calendar))


def assign(
    state: CaseState, world: World, at: datetime, chosen: Route, task_id: str, *,
    rework: bool = False, ruling: str | None = None,
) -> list[EventData]:  # fmt: skip
    """Hand the task to a handler: its clock runs from now, under the limit of the standard."""
    condition = condition_of(state, world)
    started = start_clock(state, world, ClockKind.HANDLE, at, chosen.handler, condition.handle)
    waits = _wait_for_acceptance(state, world, at, chosen.handler)
    assigned = events.TaskAssigned(
        case=state.case,
        taskid=state.task.id if state.task is not None else task_id,
        assignment=(state.task.assignment if state.task is not None else 0) + 1,
        handler=chosen.handler,
        charter=chosen.charter,
        matter=state.matter,
        condition=state.condition,
        grid=state.grid,
        reasons=chosen.reasons,
        assigned_at=at,
        accept_by=waits[0].due_at if waits else None,
        due_at=started.due_at,
        urgent=condition.urgent,
        closing=condition.closing,
        evidence=condition.evidence,
        rework=rework,
        ruling=ruling,
    )
    return [assigned, started, *waits, *stop_clock(state, ClockKind.DISPATCH, at, "assigned")]


def _wait_for_acceptance(
    state: CaseState, world: World, at: datetime, handler: Party
) -> list[events.ClockStarted]:
    """Departments must accept in time; posts are in office."""
    if handler.kind != PartyKind.DEPARTMENT or state.recorded:
        return []
    working = _in_working_time(state, world)
    unit = LimitUnit.WORKING_HOURS if working else LimitUnit.HOURS
    limit = _hours(world.policy.accept, unit)
    return [start_clock(state, world, ClockKind.ACCEPT, at, handler, limit)]


def _in_working_time(state: CaseState, world: World) -> bool:
    """Whether a lease counts as the handler's own limit does, in working time."""
    if not world.policy.working:
        return False
    own = condition_of(state, world).handle
    return own is not None and own.unit.is_working


def _hours(span: timedelta, unit: LimitUnit) -> Limit:
    return Limit(amount=span / timedelta(hours=1), unit=unit)


def complete(
    state: CaseState, world: World, at: datetime, evidence: tuple[str, ...],
    answer: str | None = None,
) -> list[EventData]:  # fmt: skip
    """The work is said to be done: the handler's clock stops, a verifier's begins. ``answer`` are
    the words that the handler proposes for the reporters."""
    task = state.task
    assert task is not None
    return [
        events.TaskCompleted(
            **facts(state, task),
            completed_at=at,
            evidence=evidence,
            on_time=_in_time(state, at),
            receiver=state.receiver,
            answer=answer,
        ),
        *end_relief(state, world, at),
        *stop_clock(state, ClockKind.HANDLE, at, "completed"),
        *stop_clock(state, ClockKind.ACCEPT, at, "completed"),
        *ask_verifier(state, world, at, first_verifier(state, world, at)),
    ]


def _in_time(state: CaseState, at: datetime) -> bool | None:
    """None without a limit; while time stands still nothing is late."""
    assert state.task is not None
    if standing(state) is not None:
        return True
    return None if state.task.due_at is None else at <= state.task.due_at


def ask_verifier(
    state: CaseState, world: World, at: datetime, verifier: Party | None
) -> list[EventData]:
    """Each request is a round of its own, under a limit of its own from then on."""
    assert state.task is not None
    limit = condition_of(state, world).verify
    clock = start_clock(state, world, ClockKind.VERIFY, at, verifier, limit)
    rounds = sum(1 for c in state.clocks if c.kind == ClockKind.VERIFY)
    return [
        events.VerificationRequested(
            case=state.case,
            taskid=state.task.id,
            round=rounds + 1,
            verifier=verifier,
            requested_at=at,
            due_at=clock.due_at,
        ),
        clock,
    ]


def close(state: CaseState, at: datetime, completed_at: datetime) -> list[EventData]:
    """The case ends. On time means: the verified work was completed within the case's limit; a
    slow verifier never makes anybody late (domain rule 1)."""
    return [
        *stop_clock(state, ClockKind.VERIFY, at, "verified"),
        *stop_clock(state, ClockKind.HANDLE, at, "closed"),
        *stop_clock(state, ClockKind.CASE, at, "closed"),
        events.CaseClosed(
            case=state.case,
            closed_at=at,
            due_at=state.due_at,
            on_time=None if state.due_at is None else completed_at <= state.due_at,
            recorded=state.recorded,
        ),
    ]


def revoke(state: CaseState, world: World, at: datetime, reason: str) -> list[EventData]:
    """Take the task from its handler; right, queue, clocks and pause end with it."""
    task = state.task
    assert task is not None
    revoked = events.TaskRevoked(
        **facts(state, task),
        reason=reason,
        revoked_at=at,
    )
    return [
        revoked,
        *end_relief(state, world, at),
        *stop_clock(state, ClockKind.ACCEPT, at, reason),
        *stop_clock(state, ClockKind.HANDLE, at, reason),
    ]
