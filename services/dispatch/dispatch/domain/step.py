"""What a step of a case is, as data: from where to where, by whom, on what condition, and what it
does to which clock. The rows stand with their commands; ``dispatch.domain.machine`` has them all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from case_contracts.events.dispatch import ClockKind
from case_contracts.values import Text
from dispatch.domain.state import CaseState, Status
from dispatch.domain.world import World


class Who(StrEnum):
    """Who may take a step; what exactly that asks of a person is ``machine.may``'s."""

    DEPARTMENT = "department"
    HANDLER = "handler"
    VERIFIER = "verifier"
    PLACER = "placer"
    ARBITER = "arbiter"
    SUPERVISOR = "supervisor"
    APPROVER = "approver"
    SLIP_ANSWERER = "slip_answerer"
    ALERTED = "alerted"
    REPORTER = "reporter"
    OPERATION = "operation"
    INTAKE = "intake"
    TIMER = "timer"


class Does(StrEnum):
    """What a step does to a clock."""

    STARTS = "starts"
    STOPS = "stops"
    PAUSES = "pauses"
    RESUMES = "resumes"
    EXTENDS = "extends"


@dataclass(frozen=True)
class Need:
    """A condition: where it does not hold, ``code`` is the refusal and ``label`` says why."""

    code: str
    label: Text
    holds: Callable[[CaseState, World, datetime], bool]


@dataclass(frozen=True)
class Effect:
    """``clock`` starts, stops... by this step."""

    clock: ClockKind
    does: Does


@dataclass(frozen=True)
class Step:
    """One row of the state machine. ``targets`` are the statuses that it can lead to; where all
    ``sources`` are among them it can also leave the status as it is. ``code`` is the refusal from
    another status than ``sources``.
    ``quiet``: from elsewhere it changes nothing and is no error (events, timers, sweeps)."""

    name: str
    label: Text
    sources: frozenset[Status]
    targets: frozenset[Status]
    who: frozenset[Who]
    needs: tuple[Need, ...] = ()
    clocks: tuple[Effect, ...] = ()
    code: str = "not_possible_now"
    quiet: bool = False

    def leads(self, status: Status) -> frozenset[Status]:
        """To which statuses it can lead from one of its sources."""
        if not self.sources <= self.targets:
            return self.targets
        return (self.targets - self.sources) | {status}


def text(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def effects(does: Does, *clocks: ClockKind) -> tuple[Effect, ...]:
    return tuple(Effect(clock, does) for clock in clocks)


WORK = frozenset({Status.ASSIGNED, Status.ACCEPTED, Status.LAPSED})
"""The task is in somebody's hands, and not done."""

FINISHED = frozenset({Status.CLOSED, Status.VOIDED})
OPEN = frozenset(Status) - FINISHED - {Status.UNKNOWN}

ASSIGNS = (
    *effects(Does.STARTS, ClockKind.HANDLE, ClockKind.ACCEPT),
    *effects(Does.STOPS, ClockKind.DISPATCH),
)
"""What handing the task to somebody does to the clocks; the next ones are of taking it away, of
work that is done, and of a case that ends."""

REVOKES = (
    *effects(Does.STOPS, ClockKind.HANDLE, ClockKind.ACCEPT),
    *effects(Does.RESUMES, ClockKind.CASE),
)
COMPLETES = (
    *effects(Does.STOPS, ClockKind.HANDLE, ClockKind.ACCEPT),
    *effects(Does.RESUMES, ClockKind.CASE),
    *effects(Does.STARTS, ClockKind.VERIFY),
)
CLOSES = effects(Does.STOPS, ClockKind.VERIFY, ClockKind.HANDLE, ClockKind.CASE)
REOPENS = (
    *effects(Does.STARTS, ClockKind.CASE),
    *effects(Does.STOPS, ClockKind.ANSWER),
    *ASSIGNS,
)
ENDS = (*effects(Does.STOPS, *ClockKind), *effects(Does.RESUMES, ClockKind.CASE))
