"""Which departments there are, and what each answers for now or later."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.values import Text
from registry.domain.admitted import names_of_departments
from registry.domain.validation.leads import charter_spans


@dataclass
class Chartered:
    """``name`` None: entries name the department, and nobody has registered it. ``in_force`` and
    ``to_come`` are its entries; one whose next version waits is in both."""

    department: str
    name: Text | None = None
    in_force: list[str] = field(default_factory=list)
    to_come: list[str] = field(default_factory=list)


def chartered(known: Mapping[str, Sequence[EventData]], when: datetime) -> list[Chartered]:
    """Every department that is registered or has entries, by id. Ended entries are left out."""
    found: dict[str, Chartered] = {
        department: Chartered(department, name)
        for department, name in names_of_departments(known).items()
    }
    for aggregate, said in sorted(known.items()):
        times = defaultdict[str, set[bool]](set)
        for span in charter_spans({aggregate: said}):
            if span.end > when:
                times[span.data.department].add(span.start <= when)
        for department, begun in times.items():
            row = found.setdefault(department, Chartered(department))
            row.in_force += [aggregate] if True in begun else []
            row.to_come += [aggregate] if False in begun else []
    return [found[department] for department in sorted(found)]
