"""What can be done with a proposed charter entry, planned on what stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.district import DistrictError, Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterProposed
from registry.domain.chartering.granting import objections
from registry.domain.chartering.proposals import (
    approval,
    granted,
    next_version,
    proposals,
    rejection,
)
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from registry.domain.step import Step
from service_kit.errors import Forbidden

Known = Mapping[str, Sequence[EventData]]


@dataclass(frozen=True)
class Outcome:
    """Either steps, or ``errors``; ``warnings`` would be errors if it were granted now."""

    steps: Sequence[Step] = ()
    errors: Sequence[DistrictError] = ()
    warnings: Sequence[DistrictError] = ()


def aggregate_of(charter: str) -> str:
    """``roads:parts`` and ``charter:roads:parts`` are the same entry."""
    return charter if charter.startswith("charter:") else f"charter:{charter}"


def propose(
    wanted: CharterProposed, known: Known, origin: Origin, now: datetime, own: str | None
) -> Outcome:
    """The proposal, as the next version. ``own`` is the department that proposes for itself.

    Raises Refused (``pending``), and Forbidden where the entry is another department's.
    """
    said = known.get(aggregate_of(wanted.charter), ())
    if own is not None:
        _only_their_own(wanted, said, own)
    proposed = wanted.model_copy(update={"version": next_version(said)})
    found = objections(_if_granted(proposed, now), known, origin, now)
    errors = [each for each in found if each.code != "two_leads"]
    warnings = [each for each in found if each.code == "two_leads"]
    return Outcome([Step(aggregate_of(wanted.charter), (proposed,))], errors, warnings)


def approve(charter: str, version: int, person: str, known: Known, now: datetime) -> Outcome:
    """The approval, with the second one the grant as well; raises what ``approval`` raises."""
    said = known.get(aggregate_of(charter), ())
    events = approval(said, version, person, now)
    wanted = proposals(said)[version].wanted
    last = events[-1]
    entry = last if isinstance(last, CharterGranted) else _if_granted(wanted, now)
    found = objections(entry, known, Origin(file="proposal"), now)
    steps = [Step(aggregate_of(charter), tuple(events))]
    if isinstance(last, CharterGranted):
        return Outcome(steps, errors=found)
    return Outcome(steps, warnings=found)


def reject(charter: str, version: int, person: str, known: Known, *, only_own: bool) -> Outcome:
    """The end of a proposal: by an approver, or by who proposed it (withdrawn)."""
    said = known.get(aggregate_of(charter), ())
    rejected = rejection(said, version, person)
    if only_own and proposals(said)[version].wanted.proposed_by != person:
        raise Forbidden("only who proposed an entry may withdraw it; rejecting needs the scope"
                        " registry.approve")  # fmt: skip
    return Outcome([Step(aggregate_of(charter), (rejected,))])


def _only_their_own(wanted: CharterProposed, said: Sequence[EventData], own: str) -> None:
    spans = standing(KINDS["charter"], said)
    named = {s.data.department for s in spans if isinstance(s.data, CharterGranted)}
    if wanted.department != own or not named <= {own}:
        raise Forbidden(f"{own} proposes entries of its own only")


def _if_granted(wanted: CharterProposed, now: datetime) -> CharterGranted:
    """As it would be published if two people approved it now."""
    return granted(wanted, ("first", "second"), now)
