"""Which matters grid workers may be sent, and when (准入; domain rule 8)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import MatterAdmitted, MatterWithdrawn
from service_kit.validity import END, Span, overlay


@dataclass(frozen=True)
class Admissions:
    """What stands of every matter's admissions and withdrawals."""

    spans: Mapping[str, Sequence[Span[MatterAdmitted]]] = field(default_factory=dict)

    def allows(self, matter: str, at: datetime) -> bool:
        return any(span.valid(at) for span in self.spans.get(matter, ()))


def build_admissions(events: Iterable[EventData]) -> Admissions:
    """From each matter's events in their order: a later decision prevails, so that a matter
    which was withdrawn can be admitted again."""
    said: dict[str, list[tuple[MatterAdmitted | None, datetime, datetime]]] = defaultdict(list)
    for event in events:
        if isinstance(event, MatterAdmitted):
            said[event.matter].append((event, event.valid_from, event.valid_to or END))
        elif isinstance(event, MatterWithdrawn):
            said[event.matter].append((None, event.valid_to, END))
    return Admissions({matter: overlay(decisions) for matter, decisions in said.items()})
