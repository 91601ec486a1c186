"""Boundary evidence: what an arbiter lays side by side to say who is responsible."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import RulingMade, TaskReturned
from case_contracts.events.registry import CharterGranted, GridPublished
from case_contracts.values import Instant, Party, Text, Versioned
from dispatch.domain.case_parts import Ruling
from dispatch.domain.rulings import beside
from dispatch.domain.state import CaseState
from dispatch.domain.world import World
from dispatch.views.rulings import Made
from service_kit.charters import fits
from service_kit.store.model import Commit


class Outline(BaseModel):
    """A grid as it was when the case was reported."""

    grid: str
    level: str
    path: tuple[str, ...]
    name: Text
    geometry: dict[str, Any]


class Ground(BaseModel):
    """Where the case lies, and the grids of the same depth beside it."""

    at: Instant
    case: Outline | None
    neighbours: list[Outline]


class Entry(BaseModel):
    """A charter version that is concerned. ``ground``: whether it covers the case's own ground,
    only one beside it, or neither (it is of who returned the task). ``holds``: it stands now."""

    charter: str
    version: int
    department: str
    matters: tuple[str, ...]
    covers_matter: bool
    grid: str
    ground: Literal["own", "beside", "elsewhere"]
    role: str
    powers: tuple[str, ...]
    legal_basis: str
    valid_from: Instant
    valid_to: Instant | None
    holds: bool


class Return(BaseModel):
    """Who returned the task, and why; ``words`` for those entitled to them."""

    handler: Party
    reason: str
    proposed: str | None
    returned_at: Instant
    statement: str | None
    words: str | None = None


class Question(BaseModel):
    """What is asked, of whom, and by when."""

    ruling: str
    reason: str
    asked_by: Party
    proposed: str | None
    arbiter: Party | None
    requested_at: Instant
    due_at: Instant | None
    overdue: bool
    missed: int


class Boundary(BaseModel):
    """``question`` is null when it is answered; ``made`` are the answers in this case, ``earlier``
    those in others of the same matter on the same grid."""

    case: str
    matter: str
    condition: str
    question: Question | None
    ground: Ground
    charters: list[Entry]
    returns: list[Return]
    made: list[Made]
    earlier: list[Made]


def happened(commits: Iterable[Commit]) -> tuple[list[TaskReturned], list[RulingMade]]:
    """The returns and rulings of a case, in order."""
    wanted = {TaskReturned.SPEC.type, RulingMade.SPEC.type}
    said: list[EventData] = [
        parse(e.type, e.data) for commit in commits for e in commit.events if e.type in wanted
    ]
    returns = [e for e in said if isinstance(e, TaskReturned)]
    return returns, [e for e in said if isinstance(e, RulingMade)]


def ground_of(state: CaseState, world: World) -> Ground:
    assert state.reported_at is not None
    own = world.territory.grid(state.grid, state.reported_at)
    near = world.territory.neighbours(state.grid, state.reported_at)
    return Ground(
        at=state.reported_at,
        case=_outline(own) if own is not None else None,
        neighbours=[_outline(each) for each in near],
    )


def _outline(grid: GridPublished) -> Outline:
    return Outline(
        grid=grid.grid, level=grid.level, path=grid.path, name=grid.name, geometry=grid.geometry
    )


def entries(
    state: CaseState, world: World, at: datetime, references: Iterable[Versioned]
) -> list[Entry]:
    """Each version as it was granted; the nearest to the case first."""
    around = beside(state, world)
    granted = (world.charters.granted.get((r.id, r.version)) for r in references)
    found = [_entry(each, state, world, at, around) for each in granted if each is not None]
    order = ("own", "beside", "elsewhere")
    return sorted(found, key=lambda e: (order.index(e.ground), e.role, e.charter))


def _entry(
    granted: CharterGranted, state: CaseState, world: World, at: datetime, around: frozenset[str]
) -> Entry:
    ground: Literal["own", "beside", "elsewhere"] = "elsewhere"
    if granted.grid in around:
        ground = "beside"
    if granted.grid in state.grids:
        ground = "own"
    standing = world.charters.at(granted.charter, at)
    return Entry(
        charter=granted.charter,
        version=granted.version,
        department=granted.department,
        matters=granted.matters,
        covers_matter=fits(granted, state.matter),
        grid=granted.grid,
        ground=ground,
        role=granted.role,
        powers=granted.powers,
        legal_basis=granted.legal_basis,
        valid_from=granted.valid_from,
        valid_to=granted.valid_to,
        holds=standing is not None and standing.version == granted.version,
    )


def question_of(asked: Ruling) -> Question:
    return Question(
        ruling=asked.id,
        reason=asked.reason,
        asked_by=asked.asked_by,
        proposed=asked.proposed,
        arbiter=asked.arbiter,
        requested_at=asked.requested_at,
        due_at=asked.due_at,
        overdue=asked.overdue,
        missed=asked.missed,
    )


def returned(event: TaskReturned, words: str | None) -> Return:
    return Return(
        handler=event.handler,
        reason=event.reason,
        proposed=event.proposed,
        returned_at=event.returned_at,
        statement=event.statement,
        words=words,
    )
