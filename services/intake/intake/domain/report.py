"""The Report: what somebody said, what became of it, and how satisfied they are."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from case_contracts.events.base import EventData
from case_contracts.events.intake import (
    Filing,
    Likeness,
    LinkDeclined,
    LinkProposed,
    Rejection,
    ReopeningRequested,
    ReportLinked,
    ReportReceived,
    ReportRejected,
    ReportSupplemented,
    ReportTriaged,
    ReportUnlinked,
    ReportWithdrawn,
    Said,
    SatisfactionRated,
    TriageRequested,
    Unclear,
)
from case_contracts.values import Text
from intake.domain.deciding import Deciding
from intake.domain.looked_up import Desk, kept_day, keys_of, made_on
from service_kit.store.model import SparesFirstView


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Rating(_Part):
    """The newest vote: it is for the last closing before it."""

    solved: bool
    score: int
    at: datetime


class Waiting(_Part):
    """It waits for a reviewer."""

    reason: Unclear
    since: datetime
    due_at: datetime | None


class Proposal(_Part):
    """It may be about the problem of this case; a person is to say."""

    case: str
    likeness: Likeness
    at: datetime


class Link(_Part):
    """It was linked to the case that it belongs to; ``by`` is null for the machine."""

    by: str | None
    likeness: Likeness | None
    at: datetime


class ReportState(_Part):
    """A report as it stands; empty until it was received. Nothing personal is in it.

    ``said`` is what is known of it now: ``said.case`` the case that it belongs to, which is the
    one it opened itself or, with ``link``, another's.
    """

    report: str
    said: Said | None = None
    rejected: Rejection | None = None
    turn_to: Text | None = None
    waiting: Waiting | None = None
    proposal: Proposal | None = None
    declined: tuple[str, ...] = ()
    link: Link | None = None
    withdrawn_at: datetime | None = None
    supplements: int = 0
    reopening_asked_at: datetime | None = None
    rating: Rating | None = None

    @property
    def case(self) -> str:
        """The case that it belongs to, or would; empty until it was received."""
        return self.said.case if self.said else ""

    @property
    def filing(self) -> Filing | None:
        return self.said.filing if self.said else None

    @property
    def matter(self) -> str:
        return self.said.matter if self.said else ""

    @property
    def reported_at(self) -> datetime | None:
        return self.said.reported_at if self.said else None

    @property
    def language(self) -> str:
        return self.said.language if self.said else "zh"

    @property
    def dissented_at(self) -> datetime | None:
        """When the reporter last said, by asking or by a vote, that it is not done."""
        voted = self.rating.at if self.rating and not self.rating.solved else None
        said = [at for at in (voted, self.reopening_asked_at) if at is not None]
        return max(said, default=None)

    @property
    def in_case(self) -> str | None:
        """The case that it stands behind: opened from it or linked; None where there is none."""
        return self.case if self.link is not None or self.filing is not None else None


def _plain(event: Said) -> Said:
    """Without what the event says beyond the report."""
    return Said.model_construct(**{name: getattr(event, name) for name in Said.model_fields})


def _received(state: ReportState, event: ReportReceived) -> ReportState:
    return state.model_copy(update={"said": _plain(event)})


def _rejected(state: ReportState, event: ReportRejected) -> ReportState:
    change = {"rejected": event.reason, "turn_to": event.turn_to, "waiting": None}
    return state.model_copy(update=change)


def _waits(state: ReportState, event: TriageRequested) -> ReportState:
    waiting = Waiting(reason=event.reason, since=event.requested_at, due_at=event.due_at)
    return state.model_copy(update={"waiting": waiting})


def _triaged(state: ReportState, event: ReportTriaged) -> ReportState:
    return state.model_copy(update={"said": _plain(event), "waiting": None})


def _proposed(state: ReportState, event: LinkProposed) -> ReportState:
    proposal = Proposal(case=event.to_case, likeness=event.likeness, at=event.proposed_at)
    return state.model_copy(update={"proposal": proposal})


def _declined(state: ReportState, event: LinkDeclined) -> ReportState:
    return state.model_copy(update={"proposal": None, "declined": (*state.declined, event.to_case)})


def _linked(state: ReportState, event: ReportLinked) -> ReportState:
    assert state.said is not None
    said = state.said.model_copy(update={"case": event.case, "reporter": event.reporter})
    link = Link(by=event.by, likeness=event.likeness, at=event.linked_at)
    return state.model_copy(update={"said": said, "link": link, "proposal": None, "waiting": None})


def _unlinked(state: ReportState, event: ReportUnlinked) -> ReportState:
    return state.model_copy(
        update={
            "said": _plain(event),
            "link": None,
            "declined": (*state.declined, event.from_case),
        }
    )


def _withdrawn(state: ReportState, event: ReportWithdrawn) -> ReportState:
    return state.model_copy(
        update={"withdrawn_at": event.withdrawn_at, "waiting": None, "proposal": None}
    )


def _supplemented(state: ReportState, event: ReportSupplemented) -> ReportState:
    assert state.said is not None
    said = state.said.model_copy(update={"reachable": event.reachable or state.said.reachable})
    return state.model_copy(update={"said": said, "supplements": event.number})


def _reopening(state: ReportState, event: ReopeningRequested) -> ReportState:
    return state.model_copy(update={"reopening_asked_at": event.requested_at})


def _rated(state: ReportState, event: SatisfactionRated) -> ReportState:
    rating = Rating(solved=event.solved, score=event.score, at=event.rated_at)
    return state.model_copy(update={"rating": rating})


_EVOLVE: dict[type[EventData], Callable[[ReportState, Any], ReportState]] = {
    ReportReceived: _received,
    ReportRejected: _rejected,
    TriageRequested: _waits,
    ReportTriaged: _triaged,
    LinkProposed: _proposed,
    LinkDeclined: _declined,
    ReportLinked: _linked,
    ReportUnlinked: _unlinked,
    ReportWithdrawn: _withdrawn,
    ReportSupplemented: _supplemented,
    ReopeningRequested: _reopening,
    SatisfactionRated: _rated,
}


def _desk(state: ReportState) -> tuple[Desk | None, datetime | None]:
    """Where a person has to decide something about it, and since when."""
    if state.waiting is not None:
        return "triage", state.waiting.since
    if state.proposal is not None:
        return "links", state.proposal.at
    return None, None


class ReportAggregate(Deciding[ReportState], SparesFirstView):
    """Changes as a whole: received once and at once judged; everything later is its reporter's,
    a reviewer's or a linker's word."""

    kind, schema, state = "report", 4, ReportState

    def initial(self, aggregate: str) -> ReportState:
        return ReportState(report=aggregate)

    def evolve(self, state: ReportState, event: EventData) -> ReportState:
        return _EVOLVE[type(event)](state, event)

    def fields(self, state: ReportState) -> Mapping[str, Any]:
        """``by``: the keys of looked_up. ``since``: how long it has waited at its desk."""
        if state.said is None:
            return {}
        desk, since = _desk(state)
        keys = keys_of(state.said, linked=state.link is not None, desk=desk)
        found: dict[str, Any] = {"by": keys} if keys else {}
        return found if since is None else {**found, "since": since}

    def spares(self, state: ReportState) -> bool:
        """What it is looked up by as it came is its day at most, and its batch has that."""
        day = None if state.said is None else kept_day(state.said)
        elsewhere = [] if day is None else [made_on(day)]
        return self.fields(state).get("by", []) in ([], elsewhere)
