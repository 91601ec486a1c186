"""An entry's versions and their way: who proposed, approved, rejected or revoked what, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CharterApproved,
    CharterGranted,
    CharterProposed,
    CharterRejected,
    CharterRevoked,
)
from registry.domain.chartering.proposals import Proposal, proposals
from registry.domain.kinds import KINDS
from registry.domain.record import as_standing, standing
from service_kit.store.model import Commit

D = TypeVar("D", bound=EventData)


@dataclass(frozen=True)
class Word:
    """What somebody said, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Version:
    """``entry`` is what was granted, or else proposed."""

    state: str
    entry: CharterGranted | CharterProposed
    proposed: Word | None
    approvals: list[Word]
    rejected: Word | None
    granted: Word | None
    revoked: Word | None
    stands_from: datetime | None
    stands_to: datetime | None


Said = Sequence[tuple[EventData, Word]]


def said_in(commits: Iterable[Commit]) -> Said:
    """Every event with who said it; of what was said through a change, who made that."""
    return [
        (parse(event.type, event.data), Word(commit.actor.id, commit.at))
        for commit in commits
        for event in commit.events
    ]


def versions(said: Said, when: datetime) -> list[Version]:
    """All versions of one entry, the newest first."""
    events = [event for event, _ in said]
    proposed = proposals(events)
    numbers = {e.version for e in events if isinstance(e, CharterGranted | CharterProposed)}
    return [_version(n, proposed.get(n), said, when) for n in sorted(numbers, reverse=True)]


def _version(number: int, proposal: Proposal | None, said: Said, when: datetime) -> Version:
    granted = _last(CharterGranted, number, said)
    entry: CharterGranted | CharterProposed | None = proposal.wanted if proposal else None
    entry = granted[0] if granted is not None else entry
    assert entry is not None, "a version is proposed or granted"
    stands = _stands(number, [event for event, _ in said])
    proposed, rejected = _last(CharterProposed, number, said), _last(CharterRejected, number, said)
    revoked = _last(CharterRevoked, number, said)
    return Version(
        state=_state(proposal, stands, when) if granted is None or stands else "ended",
        entry=entry,
        proposed=proposed and proposed[1],
        approvals=[word for event, word in said
                   if isinstance(event, CharterApproved) and event.version == number],
        rejected=rejected and rejected[1],
        granted=granted and granted[1],
        revoked=revoked and revoked[1],
        stands_from=stands[0] if stands else None,
        stands_to=stands[1] if stands else None,
    )  # fmt: skip


def _state(
    proposal: Proposal | None, stands: tuple[datetime, datetime | None] | None, when: datetime
) -> str:
    if stands is None:
        return proposal.state if proposal is not None else "ended"
    start, end = stands
    if when < start:
        return "to_come"
    return "in_force" if end is None or when < end else "ended"


def _stands(number: int, events: Sequence[EventData]) -> tuple[datetime, datetime | None] | None:
    """From when until when the version stands; None where others have taken all its time."""
    spans = [as_standing(span) for span in standing(KINDS["charter"], events)]
    own = [e for e in spans if isinstance(e, CharterGranted) and e.version == number]
    return (own[0].valid_from, own[-1].valid_to) if own else None


def _last(kind: type[D], number: int, said: Said) -> tuple[D, Word] | None:
    found = [
        (e, word) for e, word in said if isinstance(e, kind) and getattr(e, "version", 0) == number
    ]
    return found[-1] if found else None
