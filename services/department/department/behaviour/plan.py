"""What becomes of a task: drawn from its id, so that every run of it ends alike."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random

from case_contracts.inbox import InvitationItem, TaskItem
from department.behaviour.config import Behaviour, DepartmentConfig, Operations, Span
from department_sdk import Completed, NeedHelp, Outcome, Returned


class Fate(StrEnum):
    COMPLETED = "completed"
    RETURNED = "returned"
    HELP = "help"
    IGNORED = "ignored"
    UNKNOWN = "unknown_matter"


@dataclass(frozen=True)
class Plan:
    """``lasts`` counts from the assignment, in domain time."""

    fate: Fate
    lasts: timedelta = timedelta(0)
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Visit:
    """Our part in an operation; ``declined`` where we do not come."""

    travel: timedelta
    work: timedelta
    declined: bool


def behaviour_for(config: DepartmentConfig, matter: str) -> Behaviour | None:
    """The first behaviour that fits the matter."""
    return next((b for b in config.behaviours if _fits(b, matter)), None)


def plan(config: DepartmentConfig, item: TaskItem) -> Plan:
    """What the department will make of this assignment."""
    behaviour = behaviour_for(config, item.matter)
    if behaviour is None:
        return Plan(Fate.UNKNOWN)
    chance = Random(f"{config.seed}:{item.taskid}:{item.assignment}")
    drawn = chance.random()
    lasts = _lasts(behaviour, item, chance)
    if drawn < behaviour.ignored:
        return Plan(Fate.IGNORED)
    drawn -= behaviour.ignored
    returned, called = behaviour.returned, behaviour.help
    if returned is not None:
        if drawn < returned.share:
            return Plan(Fate.RETURNED, lasts / 4, Returned(returned.reason, returned.proposed))
        drawn -= returned.share
    if called is not None and drawn < called.share and not item.rework:
        return Plan(Fate.HELP, lasts / 4, NeedHelp(called.units, called.reason))
    return Plan(Fate.COMPLETED, lasts, Completed(_evidence(behaviour, item)))


def done_after_all(config: DepartmentConfig, item: TaskItem) -> Plan:
    """A task that the department wanted to return and may not: it is done like any other."""
    behaviour = behaviour_for(config, item.matter)
    assert behaviour is not None
    chance = Random(f"{config.seed}:{item.taskid}:{item.assignment}:after-all")
    lasts = _lasts(behaviour, item, chance)
    return Plan(Fate.COMPLETED, lasts, Completed(_evidence(behaviour, item)))


def visit(operations: Operations, seed: int, item: InvitationItem) -> Visit:
    """Our part in an operation that another department leads."""
    chance = Random(f"{seed}:{item.operation}:{item.department}")
    declined = chance.random() < operations.declined
    return Visit(_draw(operations.travel, chance), _draw(operations.work, chance), declined)


def _fits(behaviour: Behaviour, matter: str) -> bool:
    return any(fnmatchcase(matter, pattern) for pattern in behaviour.matters)


def _lasts(behaviour: Behaviour, item: TaskItem, chance: Random) -> timedelta:
    usual = _draw(behaviour.minutes, chance)
    late, is_late = behaviour.late, chance.random()
    if late is None or item.due_at is None or is_late >= late.share:
        return usual
    factor = chance.uniform(late.of_limit.least, late.of_limit.most)
    longer = (item.due_at - item.assigned_at) * factor
    return longer if longer <= timedelta(minutes=late.at_most_minutes) else usual


def _draw(minutes: Span, chance: Random) -> timedelta:
    return timedelta(minutes=chance.uniform(minutes.least, minutes.most))


def _evidence(behaviour: Behaviour, item: TaskItem) -> tuple[str, ...]:
    """A reference for each kind of evidence that the task asks for, else for our own kinds."""
    kinds = item.evidence or behaviour.evidence
    return tuple(f"evidence:{kind}:{item.taskid}:{item.assignment}" for kind in kinds)
