"""Proposed versions of a charter entry: proposed by one person, approved by two others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    CharterApproved,
    CharterGranted,
    CharterProposed,
    CharterRejected,
)
from service_kit.errors import NotFound, Refused

NEEDED = 2
"""People who approve; none of them has proposed it."""


@dataclass(frozen=True)
class Proposal:
    """A proposed version and what has been said of it. ``granted`` is what came of it."""

    wanted: CharterProposed
    approved_by: tuple[str, ...] = ()
    rejected_by: str | None = None
    granted: CharterGranted | None = None

    @property
    def pending(self) -> bool:
        return self.rejected_by is None and self.granted is None

    @property
    def state(self) -> str:
        """``proposed``, ``rejected``, ``withdrawn`` (by who proposed it) or ``granted``."""
        if self.granted is not None:
            return "granted"
        if self.rejected_by is None:
            return "proposed"
        return "withdrawn" if self.rejected_by == self.wanted.proposed_by else "rejected"


def proposals(said: Iterable[EventData]) -> dict[int, Proposal]:
    """All proposed versions of one entry."""
    found: dict[int, Proposal] = {}
    for event in said:
        if isinstance(event, CharterProposed):
            found[event.version] = Proposal(event)
        elif isinstance(event, CharterApproved):
            before = found[event.version]
            approvers = (*before.approved_by, event.approved_by)
            found[event.version] = replace(before, approved_by=approvers)
        elif isinstance(event, CharterRejected):
            found[event.version] = replace(found[event.version], rejected_by=event.rejected_by)
        elif isinstance(event, CharterGranted) and event.version in found:
            found[event.version] = replace(found[event.version], granted=event)
    return found


def next_version(said: Iterable[EventData]) -> int:
    """Counted over all that were ever proposed or granted. Raises Refused (``pending``)."""
    said = list(said)
    versions = [e.version for e in said if isinstance(e, CharterProposed | CharterGranted)]
    waiting = next((p for p in proposals(said).values() if p.pending), None)
    if waiting is not None and waiting.wanted.version == max(versions):
        raise Refused(
            f"{waiting.wanted.charter} version {waiting.wanted.version} is still proposed:"
            " approve, reject or withdraw it first",
            code="pending",
        )
    return max(versions, default=0) + 1


def approval(
    said: Sequence[EventData], version: int, person: str, now: datetime
) -> list[CharterApproved | CharterGranted]:
    """The approval, and with the second one the granted entry, from now on at the earliest.

    Raises NotFound, or Refused (``own_proposal``, ``approved_already``, ``not_pending``,
    ``over_already``).
    """
    proposal = _pending(said, version)
    wanted = proposal.wanted
    if person == wanted.proposed_by:
        raise Refused("who proposed an entry does not approve it", code="own_proposal")
    if person in proposal.approved_by:
        raise Refused("you have approved it already; another person is needed",
                      code="approved_already")  # fmt: skip
    if wanted.valid_to is not None and wanted.valid_to <= now:
        raise Refused(f"it would have ended at {wanted.valid_to.isoformat()}: reject it, and"
                      " propose it anew", code="over_already")  # fmt: skip
    approved = CharterApproved(charter=wanted.charter, version=version, approved_by=person)
    if len(proposal.approved_by) + 1 < NEEDED:
        return [approved]
    return [approved, granted(wanted, (*proposal.approved_by, person), now)]


def granted(wanted: CharterProposed, approvers: tuple[str, ...], now: datetime) -> CharterGranted:
    """The entry as it is published: it takes effect when it is approved, or later."""
    said = wanted.model_dump(exclude={"proposed_by", "valid_from", "ruling"})
    since = now if wanted.valid_from is None else max(wanted.valid_from, now)
    return CharterGranted(**said, approved_by=approvers, valid_from=since)


def rejection(said: Sequence[EventData], version: int, person: str) -> CharterRejected:
    """The end of a pending proposal. Raises NotFound, or Refused (``not_pending``)."""
    proposal = _of(said, version)
    if not proposal.pending:
        raise Refused(f"version {version} is {proposal.state} already", code="not_pending")
    charter = proposal.wanted.charter
    return CharterRejected(charter=charter, version=version, rejected_by=person)


def _pending(said: Sequence[EventData], version: int) -> Proposal:
    found = _of(said, version)
    if not found.pending:
        raise Refused(f"version {version} is {found.state} already", code="not_pending")
    newest = max((e.version for e in said if isinstance(e, CharterGranted)), default=0)
    if newest > version:
        raise Refused(f"version {newest} was granted meanwhile: propose it anew",
                      code="not_pending")  # fmt: skip
    return found


def _of(said: Sequence[EventData], version: int) -> Proposal:
    found = proposals(said).get(version)
    if found is None:
        raise NotFound("no such version was proposed")
    return found
