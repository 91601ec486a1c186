"""Proposing, reviewing and withdrawing what grid workers may be sent (准入): the events of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from case_contracts.district import DistrictError, Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import (
    DepartmentRegistered,
    MatterAdmitted,
    MatterProposed,
    MatterReviewed,
    MatterWithdrawn,
    StandardPublished,
)
from registry.domain.kinds import KINDS
from registry.domain.plan import Published
from registry.domain.proposals import Proposal, check_none_open, to_review
from registry.domain.record import standing
from service_kit.errors import NotFound, Refused
from service_kit.validity import END, gaps

KINDS_NEEDED = ("standard", "department", "matter")
KIND = KINDS["matter"]


@dataclass(frozen=True)
class Found:
    """What is to be published of the matter, or why not."""

    events: tuple[EventData, ...] = ()
    errors: tuple[DistrictError, ...] = ()


def propose(wanted: MatterProposed, published: Published, now: datetime) -> Found:
    """A proposal, unless it names what is not there. Raises Refused (``proposed_already``,
    ``admitted_already``)."""
    errors = (*_unknown(wanted, published), *_times(wanted, now))
    if errors:
        return Found(errors=errors)
    said = published.get(f"matter:{wanted.matter}", ())
    check_none_open(said, now)
    start, end = max(wanted.valid_from or now, now), wanted.valid_to or END
    covered = [(span.start, span.end) for span in standing(KIND, said)]
    if not gaps(start, end, covered):
        raise Refused(f"{wanted.matter} is admitted for all of that time",
                      code="admitted_already")  # fmt: skip
    return Found((wanted,))


def review(
    said: Sequence[EventData], proposal: str | None, reviewer: str, verdict: str, now: datetime
) -> Found:
    """The review, and with the last one that is needed the admission. Raises as ``to_review``."""
    found = to_review(said, proposal, reviewer, now)
    reviewed = MatterReviewed(
        matter=found.data.matter, proposal=found.data.proposal, reviewed_by=reviewer,
        verdict=verdict,
    )  # fmt: skip
    if verdict != "admit" or len(found.reviews) + 1 < found.needed:
        return Found((reviewed,))
    return Found((reviewed, _admitted(found, reviewer, now)))


def withdrawal(
    matter: str, said: Sequence[EventData], valid_to: datetime | None, now: datetime
) -> Found:
    """The end of the admission, at ``valid_to`` or at once, also of what was to begin later.

    Raises NotFound, or Refused (``in_the_past``, ``ended_already``).
    """
    spans = standing(KIND, said)
    if not spans:
        raise NotFound(f"{matter} was never admitted")
    if valid_to is not None and valid_to < now:
        raise Refused("the past cannot be withdrawn; leave valid_to out to withdraw it now",
                      code="in_the_past")  # fmt: skip
    until, end = valid_to or now, spans[-1].end
    if end < until or (end == until and valid_to is None):
        raise Refused(f"it ended already at {end.isoformat()}", code="ended_already")
    return Found(() if end == until else (MatterWithdrawn(matter=matter, valid_to=until),))


def _admitted(proposal: Proposal, reviewer: str, now: datetime) -> MatterAdmitted:
    """From the wanted beginning on, but never before it was admitted."""
    data = proposal.data
    first = proposal.reviews[0].reviewed_by if proposal.reviews else reviewer
    return MatterAdmitted(
        matter=data.matter,
        proposed_by=data.department,
        reviewed_by=first,
        also_reviewed_by=None if data.urgent else reviewer,
        urgent=data.urgent,
        valid_from=max(data.valid_from or now, now),
        valid_to=data.valid_to,
    )


def _unknown(wanted: MatterProposed, published: Published) -> list[DistrictError]:
    events = [event for said in published.values() for event in said]
    standards = [e for e in events if isinstance(e, StandardPublished)]
    matters = {matter.code for standard in standards for matter in standard.matters}
    departments = {e.department for e in events if isinstance(e, DepartmentRegistered)}
    found = []
    if wanted.matter not in matters:
        near = get_close_matches(wanted.matter, sorted(matters), 1)
        hint = f"did you mean {near[0]}?" if near else "correct the code, or add the matter"
        said = f"the standard has no matter {wanted.matter}"
        found.append(_error("matter_unknown", "matter", said, hint))
    if wanted.department not in departments:
        said = f"there is no department {wanted.department}"
        hint = f"the departments are {', '.join(sorted(departments)[:20])}"
        found.append(_error("department_unknown", "department", said, hint))
    return found


def _times(wanted: MatterProposed, now: datetime) -> list[DistrictError]:
    start, end = max(wanted.valid_from or now, now), wanted.valid_to
    if end is not None and end <= start:
        said = "valid_to is not after its beginning, which is now at the earliest"
        return [_error("validity_empty", "valid_to", said, "give a later end")]
    if wanted.urgent and end is None:
        said = "an urgent admission is temporary: it needs an end"
        return [_error("urgent_open", "valid_to", said, "give valid_to, or leave out urgent")]
    return []


def _error(code: str, field: str, message: str, hint: str) -> DistrictError:
    return DistrictError(code=code, origin=Origin(file=field), message=message, hint=hint)
