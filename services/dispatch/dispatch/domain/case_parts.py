"""The parts of a case's state: what clocks, tasks, requests, slips and rulings are to decisions."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from case_contracts.events.dispatch import ClockKind, Colour, MediationOutcome, Trigger
from case_contracts.values import Limit, Party, Versioned

TAKEN, LAPSED = "emergency_taken", "lapsed"
"""Reasons of an assignment: somebody came for an emergency; it had lapsed and is given anew."""


class Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Pause(Part):
    """Time stood still from ``start`` to ``end``; to ``until`` at the latest while it does."""

    start: datetime
    until: datetime
    reason: str
    by: str
    end: datetime | None = None


class Extension(Part):
    """The limit was made longer by this."""

    limit: Limit
    reason: str
    by: str
    at: datetime


class Clock(Part):
    """One segment of the ledger: time that runs for a party under a limit. Never rewritten: it is
    ended, paused, resumed and extended, each by an event. ``due_at`` is null without a limit and
    while it is paused; a handler's is near its end from ``near_at``, and twice past its limit at
    ``twice_at``."""

    id: str
    kind: ClockKind
    party: Party | None
    started_at: datetime
    limit: Limit | None
    due_at: datetime | None
    near_at: datetime | None = None
    twice_at: datetime | None = None
    stopped_at: datetime | None = None
    reason: str | None = None
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()

    @property
    def pause(self) -> Pause | None:
        """The pause that goes on."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None


class Task(Part):
    """The lead task. ``assignment`` counts up with every new handing over; ``evidence`` is what
    the standard asks for, ``shown`` what the handler referred to; ``moved``: a step of the work
    was told; ``ruled``: an arbiter has said so, and it cannot be returned; ``rework``: the work was
    found wanting; ``taken``: one of those whom an emergency was told to has come for it."""

    id: str
    assignment: int
    handler: Party
    charter: Versioned | None
    evidence: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    accept_by: datetime | None = None
    lease_until: datetime | None = None
    moved: bool = False
    due_at: datetime | None = None
    near: bool = False
    overdue: bool = False
    twice: bool = False
    completed_at: datetime | None = None
    on_time: bool | None = None
    ruled: bool = False
    rework: bool = False
    taken: bool = False


class Verification(Part):
    """Who is to check the work; ``asked`` are those who were before, for the same work."""

    round: int
    verifier: Party | None
    due_at: datetime | None
    overdue: bool = False
    asked: tuple[str, ...] = ()


class Request(Part):
    """A pause (``until``) or an extension (``limit``) that waits to be granted."""

    id: str
    by: Party
    reason: str
    statement: str | None
    requested_at: datetime
    until: datetime | None = None
    limit: Limit | None = None


class Slip(Part):
    """A supervision slip on an assignment; ``breached`` when its answer is late."""

    id: str
    colour: Colour
    trigger: Trigger
    assignment: int
    to: Party
    leader: Party | None
    issued_at: datetime
    answer_by: datetime | None
    answered_at: datetime | None = None
    breached: bool = False


class Ruling(Part):
    """An arbiter is to say who is responsible, by ``due_at``. ``asked`` are the people who have
    been asked so far, level by level; ``missed`` counts the limits that ran out."""

    id: str
    asked_by: Party
    arbiter: Party | None
    reason: str
    proposed: str | None
    charters: tuple[Versioned, ...]
    statement: str | None
    requested_at: datetime
    due_at: datetime | None
    overdue: bool = False
    asked: tuple[str, ...] = ()
    missed: int = 0


class Voiding(Part):
    """Somebody asks that the case ends void; another person is to approve, or has done so."""

    by: str
    reason: str
    statement: str | None
    requested_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None


class Answer(Part):
    """The words for the reporters on this closing: proposed by the handler, or given."""

    statement: str | None = None
    given_at: datetime | None = None
    overdue: bool = False


class Mediation(Part):
    """How a dispute's mediation stands."""

    sittings: int = 0
    outcome: MediationOutcome | None = None


class Watch(Part):
    """The level that the case has gone up to: who watches over it."""

    grid: str
    by: Party | None
