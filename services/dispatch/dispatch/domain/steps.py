"""The building blocks of decisions: assigning, clocks, verification, closing. Pure."""

from datetime import datetime
from typing import TypedDict

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.registry import Condition
from case_contracts.values import Limit, Party, PartyKind
from dispatch.domain.case_parts import Task
from dispatch.domain.routing import Route, verifier_for
from dispatch.domain.state import CaseState
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


def due_from(
    state: CaseState, world: World, start: datetime, limit: Limit | None
) -> datetime | None:
    """The deadline under the case's pinned calendar; None where the matter has no limit."""
    if limit is None:
        return None
    assert state.calendar is not None
    return deadline(start, limit, world.calendar(state.calendar))


def start_clock(
    state: CaseState, world: World, kind: ClockKind, at: datetime, party: Party | None,
    limit: Limit | None,
) -> events.ClockStarted:  # fmt: skip
    assert state.standard is not None
    assert state.calendar is not None
    number = sum(1 for c in state.clocks if c.kind == kind) + 1
    return events.ClockStarted(
        case=state.case,
        clock=f"{kind}:{number}",
        kind=kind,
        party=party,
        started_at=at,
        limit=limit,
        due_at=due_from(state, world, at, limit),
        standard=state.standard,
        calendar=state.calendar,
    )


def stop_clock(
    state: CaseState, kind: ClockKind, at: datetime, reason: str
) -> list[events.ClockStopped]:
    running = state.running(kind)
    if running is None:
        return []
    return [events.ClockStopped(case=state.case, clock=running.id, stopped_at=at, reason=reason)]


def assign(
    state: CaseState, world: World, at: datetime, chosen: Route, task_id: str, *,
    rework: bool = False,
) -> list[EventData]:  # fmt: skip
    """Hand the task to a handler: its clock runs from now, under the limit of the standard."""
    condition = condition_of(state, world)
    started = start_clock(state, world, ClockKind.HANDLE, at, chosen.handler, condition.handle)
    department = chosen.handler.kind == PartyKind.DEPARTMENT
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
        accept_by=at + world.policy.accept if department and not state.recorded else None,
        due_at=started.due_at,
        urgent=condition.urgent,
        closing=condition.closing,
        evidence=condition.evidence,
        rework=rework,
    )
    return [assigned, started]


def complete(
    state: CaseState, world: World, at: datetime, evidence: tuple[str, ...]
) -> list[EventData]:
    """The work is said to be done: the handler's clock stops, a verifier's begins."""
    task = state.task
    assert task is not None
    return [
        events.TaskCompleted(
            **facts(state, task),
            completed_at=at,
            evidence=evidence,
            on_time=None if task.due_at is None else at <= task.due_at,
            receiver=state.receiver,
        ),
        *stop_clock(state, ClockKind.HANDLE, at, "completed"),
        *ask_verifier(state, world, at, verifier_for(state, world, at)),
    ]


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


def revoke(state: CaseState, at: datetime, reason: str) -> list[EventData]:
    """Take the task from its handler; right, queue and clock end with it."""
    task = state.task
    assert task is not None
    revoked = events.TaskRevoked(
        **facts(state, task),
        reason=reason,
        revoked_at=at,
    )
    return [revoked, *stop_clock(state, ClockKind.HANDLE, at, reason)]
