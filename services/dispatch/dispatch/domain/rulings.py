"""Asking an arbiter who is responsible: the question, what it lies between, and its own limit."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import ClockKind
from case_contracts.events.registry import CharterGranted
from case_contracts.values import Party, Versioned
from dispatch.domain.clocks import start_clock, stop_clock
from dispatch.domain.evolve import evolve_all
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from service_kit.charters import fits


@dataclass(frozen=True)
class Question:
    """What an arbiter is asked; ``statement`` refers to the words of who asks."""

    ruling: str
    reason: str
    asked_by: Party
    proposed: str | None
    charters: tuple[Versioned, ...]
    statement: str | None = None


def ask(
    state: CaseState, world: World, at: datetime, question: Question, arbiter: Party | None
) -> list[EventData]:
    """The arbiter's own limit runs from the moment at which they are asked."""
    limit = world.supervision.rules.ruling_limit
    clock = start_clock(state, world, ClockKind.DISPATCH, at, arbiter, limit)
    requested = events.RulingRequested(
        case=state.case,
        ruling=question.ruling,
        reason=question.reason,
        asked_by=question.asked_by,
        proposed=question.proposed,
        arbiter=arbiter,
        charters=question.charters,
        grid=state.grid,
        statement=question.statement,
        requested_at=at,
        due_at=clock.due_at,
    )
    return [requested, clock]


def ask_another(
    state: CaseState, world: World, at: datetime, arbiter: Party | None, why: str
) -> list[EventData]:
    """The same question goes to somebody else, with a limit of theirs."""
    asked = state.ruling
    assert asked is not None
    question = Question(
        asked.id, asked.reason, asked.asked_by, asked.proposed, asked.charters, asked.statement
    )
    stopped: list[EventData] = [*stop_clock(state, ClockKind.DISPATCH, at, why)]
    return [*stopped, *ask(evolve_all(state, stopped), world, at, question, arbiter)]


def concerned(
    state: CaseState, world: World, at: datetime, proposed: str | None
) -> tuple[Versioned, ...]:
    """The charters that the case lies between: those that cover its matter on its ground or beside
    it, those of who returned it or was proposed, and the one that the task rested on."""
    around = {*state.grids, *beside(state, world)}
    ground = world.charters.covering(state.matter, around, at)
    named = {*state.returned_by, *([proposed] if proposed else [])}
    theirs = [c for c in _standing(world, at) if c.department in named and fits(c, state.matter)]
    found = {(c.charter, c.version) for c in (*ground, *theirs)}
    if state.task is not None and state.task.charter is not None:
        found.add((state.task.charter.id, state.task.charter.version))
    return tuple(Versioned(id=charter, version=version) for charter, version in sorted(found))


def charter_of(
    state: CaseState, world: World, at: datetime, department: str
) -> CharterGranted | None:
    """The entry from which the department has its right to the case, a lead's first, then the
    nearest; power follows responsibility, so without one it has none."""
    covering = world.charters.covering(state.matter, state.grids, at)
    own = [each for each in covering if each.department == department]
    return min(own, key=lambda c: (c.role != "lead", state.grids.index(c.grid)), default=None)


def beside(state: CaseState, world: World) -> frozenset[str]:
    """The grids beside the case's, when it was reported, and those above them."""
    assert state.reported_at is not None
    near = world.territory.neighbours(state.grid, state.reported_at)
    return frozenset(code for grid in near for code in (grid.grid, *grid.path))


def _standing(world: World, at: datetime) -> list[CharterGranted]:
    entries = (world.charters.at(entry, at) for entry in sorted(world.charters.standing))
    return [entry for entry in entries if entry is not None]
