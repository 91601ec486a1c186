"""Proposed admissions of one matter (准入申请): what was proposed, who reviewed it, its state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import MatterProposed, MatterReviewed
from service_kit.errors import NotFound, Refused

OPEN, ADMITTED, REFUSED, LAPSED = "open", "admitted", "refused", "lapsed"


@dataclass(frozen=True)
class Proposal:
    """What a department proposed, with its reviews in their order."""

    data: MatterProposed
    reviews: tuple[MatterReviewed, ...] = ()

    @property
    def needed(self) -> int:
        """How many people must admit it: two, of an urgent temporary one a single one."""
        return 1 if self.data.urgent else 2

    def state(self, now: datetime) -> str:
        """``lapsed``: the time for which it was asked ran out before it was decided."""
        if any(review.verdict == "refuse" for review in self.reviews):
            return REFUSED
        if len(self.reviews) >= self.needed:
            return ADMITTED
        if self.data.valid_to is not None and self.data.valid_to <= now:
            return LAPSED
        return OPEN


def proposals(said: Sequence[EventData]) -> list[Proposal]:
    """All that were ever made of a matter, in their order."""
    found: dict[str, Proposal] = {}
    for event in said:
        if isinstance(event, MatterProposed):
            found[event.proposal] = Proposal(event)
        elif isinstance(event, MatterReviewed) and event.proposal in found:
            before = found[event.proposal]
            found[event.proposal] = replace(before, reviews=(*before.reviews, event))
    return list(found.values())


def to_review(
    said: Sequence[EventData], wanted: str | None, reviewer: str, now: datetime
) -> Proposal:
    """The proposal that somebody may review: the one named, or the open one.

    Raises NotFound, or Refused (``decided_already``, ``own_proposal``, ``reviewed_already``).
    """
    every = proposals(said)
    found = [p for p in every if wanted in (None, p.data.proposal)]
    if not found:
        raise NotFound("no such proposal" if wanted else "this matter was never proposed")
    proposal = found[-1]
    state = proposal.state(now)
    if state != OPEN:
        raise Refused(f"proposal {proposal.data.proposal} is {state}; propose the matter anew",
                      code="decided_already")  # fmt: skip
    if proposal.data.proposed_by == reviewer:
        raise Refused("who proposed it does not review it; let two others do so",
                      code="own_proposal")  # fmt: skip
    if any(review.reviewed_by == reviewer for review in proposal.reviews):
        raise Refused("you have reviewed it already; a second person must",
                      code="reviewed_already")  # fmt: skip
    return proposal


def check_none_open(said: Sequence[EventData], now: datetime) -> None:
    """Raises Refused (``proposed_already``) while a proposal of the matter waits for reviews."""
    for proposal in proposals(said):
        if proposal.state(now) == OPEN:
            raise Refused(
                f"{proposal.data.matter} is proposed already ({proposal.data.proposal}, by"
                f" {proposal.data.department}); let it be reviewed first",
                code="proposed_already",
            )
