"""What an arbiter's ruling comes to here: a proposed charter entry, or why it cannot be one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.dispatch import RulingMade
from case_contracts.events.registry import CharterGranted, CharterProposed, CharterRefused
from case_contracts.values import PartyKind
from registry.domain.chartering.proposals import Proposal, proposals
from registry.domain.charters import charges, matching
from registry.domain.validation.leads import ancestors, charter_spans
from service_kit.ids import derived

Known = Mapping[str, Sequence[EventData]]
ID_LENGTH = 12


class NotProposed(Exception):
    """``reason`` is a code; ``other`` the entry that stands in its way."""

    def __init__(self, reason: str, other: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.other = reason, other


@dataclass(frozen=True)
class Taken:
    """A ruling that asked for a charter, and the entry that was proposed of it, or why none was."""

    charter: str
    proposal: Proposal | None = None
    refused: CharterRefused | None = None

    @property
    def ruling(self) -> str:
        if self.refused is not None:
            return self.refused.ruling
        assert self.proposal is not None
        return self.proposal.wanted.ruling or ""


def entry_of(ruling: RulingMade) -> str:
    """One entry for a department, matter and grid, however often it is ruled so."""
    named = derived(ruling.lead.kind, ruling.lead.id, ruling.matter, ruling.grid)
    return f"charter:ruled:{named[:ID_LENGTH]}"


def wanted_of(ruling: RulingMade, known: Known, now: datetime) -> CharterProposed:
    """As it is to be proposed: a lead for just that matter on just that grid, with the powers that
    the department has there already. Raises NotProposed."""
    if ruling.lead.kind != PartyKind.DEPARTMENT:
        raise NotProposed("no_department")
    own = list(_own(ruling, known, now))
    leads = next((entry for entry in own if entry.role == "lead"), None)
    if leads is not None:
        raise NotProposed("leads_already", leads.charter)
    powers = sorted({power for entry in own for power in entry.powers})
    if not powers:
        raise NotProposed("no_powers")
    return CharterProposed(
        charter=entry_of(ruling),
        version=1,
        department=ruling.lead.id,
        matters=(ruling.matter,),
        grid=ruling.grid,
        role="lead",
        powers=tuple(powers),
        legal_basis=f"裁定 {ruling.ruling} (ruling of {ruling.made_at.date()})",
        proposed_by=ruling.by,
        ruling=ruling.ruling,
    )


def refusal(ruling: RulingMade, reason: str, other: str | None = None) -> CharterRefused:
    """That it was not proposed, on the record of the entry that it would have been."""
    department = ruling.lead.id if ruling.lead.kind == PartyKind.DEPARTMENT else None
    return CharterRefused(
        charter=entry_of(ruling),
        ruling=ruling.ruling,
        department=department,
        matter=ruling.matter,
        grid=ruling.grid,
        proposed_by=ruling.by,
        reason=reason,
        other=other,
    )


def taken_up(known: Known) -> Iterator[Taken]:
    """All rulings that came to us, in the order of their entries."""
    for charter, said in sorted(known.items()):
        for proposal in proposals(said).values():
            if proposal.wanted.ruling is not None:
                yield Taken(charter, proposal=proposal)
        for event in said:
            if isinstance(event, CharterRefused):
                yield Taken(charter, refused=event)


def _own(ruling: RulingMade, known: Known, now: datetime) -> Iterator[CharterGranted]:
    """The department's entries in force for the matter there."""
    ground = (ruling.grid, *ancestors(known).get(ruling.grid, ()))
    spans = charter_spans(
        {name: said for name, said in known.items() if name.startswith("charter:")}
    )
    for charge in charges(spans, ruling.matter, ground, now):
        entry = charge.charter
        if entry.department == ruling.lead.id and matching(entry.matters, ruling.matter):
            yield entry
