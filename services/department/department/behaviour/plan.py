"""What becomes of a task: drawn from its id, so that every run of it ends alike."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from random import Random

from case_contracts.inbox import InvitationItem, TaskItem
from case_contracts.values import Limit
from department.behaviour.config import Behaviour, DepartmentConfig, Operations, Span
from department_sdk import Completed, NeedHelp, Outcome, Returned


class Fate(StrEnum):
    COMPLETED = "completed"
    RETURNED = "returned"
    HELP = "help"
    IGNORED = "ignored"
    UNKNOWN = "unknown_matter"


@dataclass(frozen=True)
class MoreTime:
    """What is asked for ``after`` so much work: a pause until then, or an extension; once it is
    taken the work goes on for ``decided`` at least."""

    after: timedelta
    reason: str
    wanted: datetime | Limit
    decided: timedelta = timedelta(0)


@dataclass(frozen=True)
class Plan:
    """``lasts`` counts from the assignment, in domain time."""

    fate: Fate
    lasts: timedelta = timedelta(0)
    outcome: Outcome | None = None
    more_time: MoreTime | None = None


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
    chance = Random(_about(config, item))
    drawn = chance.random()
    lasts = _lasts(behaviour, item, chance)
    if config.steady:
        left = Random(f"{_about(config, item)}:{item.assignment}:ignored").random()
    else:
        left, drawn = drawn, drawn - behaviour.ignored
    if left < behaviour.ignored:
        return Plan(Fate.IGNORED)
    returned, called = behaviour.returned, behaviour.help
    if returned is not None:
        share = 0 if item.rework else returned.share_of(item.assignment)
        if drawn < share:
            return Plan(Fate.RETURNED, lasts / 4, Returned(returned.reason, returned.proposed))
        drawn -= share
    if called is not None and drawn < called.share and not item.rework:
        return Plan(Fate.HELP, lasts / 4, NeedHelp(called.units, called.reason))
    done = Plan(Fate.COMPLETED, lasts, Completed(_evidence(behaviour, item)))
    return _with_more_time(done, behaviour, item, chance)


def _about(config: DepartmentConfig, item: TaskItem) -> str:
    """What the draws depend on besides the seed; steady, on nothing that is another in each run
    of the same reports."""
    if not config.steady:
        return f"{config.seed}:{item.taskid}:{item.assignment}"
    what = f"{item.matter}:{item.condition}:{item.grid}"
    return f"{config.seed}:{what}:{item.department}:{item.rework}"


def done_after_all(config: DepartmentConfig, item: TaskItem) -> Plan:
    """A task that the department wanted to return and may not: it is done like any other."""
    behaviour = behaviour_for(config, item.matter)
    assert behaviour is not None
    chance = Random(f"{_about(config, item)}:after-all")
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


def _with_more_time(done: Plan, behaviour: Behaviour, item: TaskItem, chance: Random) -> Plan:
    """More time is asked for early in the work, and within the limit; a pause makes it longer."""
    drawn, pause, more = chance.random(), behaviour.pause, behaviour.extension
    limit = None if item.due_at is None else item.due_at - item.assigned_at
    if limit is None:
        return done
    after = min(done.lasts, limit) / 4
    if pause is not None and drawn < pause.share:
        length = _draw(pause.minutes, chance)
        until = item.assigned_at + after + length
        return replace(
            done, lasts=done.lasts + length, more_time=MoreTime(after, pause.reason, until)
        )
    drawn -= pause.share if pause is not None else 0
    if more is not None and 0 <= drawn < more.share:
        decided = timedelta(minutes=more.decided_minutes)
        return replace(done, more_time=MoreTime(after, more.reason, more.limit, decided))
    return done


def _draw(minutes: Span, chance: Random) -> timedelta:
    return timedelta(minutes=chance.uniform(minutes.least, minutes.most))


def _evidence(behaviour: Behaviour, item: TaskItem) -> tuple[str, ...]:
    """A reference for each kind of evidence that the task asks for, else for our own kinds."""
    kinds = item.evidence or behaviour.evidence
    return tuple(f"evidence:{kind}:{item.taskid}:{item.assignment}" for kind in kinds)
