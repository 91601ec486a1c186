"""What speaks against a charter entry: names that are not there, and a second lead."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from case_contracts.district import DistrictError, Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, StandardPublished
from registry.domain.charters import Clash, clashes_with, matching
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from registry.domain.validation.leads import ancestors, charter_spans
from service_kit.validity import END

Known = Mapping[str, Sequence[EventData]]
KNOWN_KINDS = ("charter", "department", "grid", "standard")
"""The kinds of which everything that was published is needed."""
SHOWN = 3


def objections(
    entry: CharterGranted, known: Known, origin: Origin, now: datetime
) -> list[DistrictError]:
    """Everything that speaks against the entry being granted, each with its place."""
    matters = standing_matters(known, now)
    found = [*_names(entry, known, origin, now), *_matters(entry, matters, origin)]
    if entry.valid_to is not None and entry.valid_to <= entry.valid_from:
        found.append(_error("times_order", origin, "valid_to",
                            "it would end before it begins", "correct one of the two"))  # fmt: skip
    return found or _second_leads(entry, known, matters, origin)


def standing_matters(known: Known, now: datetime) -> list[str]:
    """The matters of every standard that stands now or later."""
    found = {
        matter.code
        for aggregate, said in known.items()
        if aggregate.startswith("standard:")
        for span in standing(KINDS["standard"], said)
        if isinstance(span.data, StandardPublished) and span.end > now
        for matter in span.data.matters
    }
    return sorted(found)


def _names(
    entry: CharterGranted, known: Known, origin: Origin, now: datetime
) -> Iterable[DistrictError]:
    if f"department:{entry.department}" not in known:
        yield _error("department_unknown", origin, "department",
                     f"there is no department {entry.department}",
                     "correct the id, or add the department")  # fmt: skip
    spans = standing(KINDS["grid"], known.get(f"grid:{entry.grid}", ()))
    if not spans:
        yield _error("grid_unknown", origin, "grid", f"there is no grid {entry.grid}",
                     "correct the code, or add the grid")  # fmt: skip
    elif not any(span.meets(entry.valid_from, entry.valid_to or END) for span in spans):
        yield _error("grid_not_valid", origin, "grid",
                     f"grid {entry.grid} is not valid at any time of the entry",
                     "name the grid that is in its place")  # fmt: skip


def _matters(
    entry: CharterGranted, matters: Sequence[str], origin: Origin
) -> Iterable[DistrictError]:
    for n, pattern in enumerate(entry.matters):
        if not any(matching((pattern,), matter) for matter in matters):
            yield _error("matter_unknown", origin, f"matters.{n}",
                         f"no matter of the standard fits {pattern}",
                         "correct the pattern, or publish the matter first")  # fmt: skip


def _second_leads(
    entry: CharterGranted, known: Known, matters: Sequence[str], origin: Origin
) -> list[DistrictError]:
    aggregate = KINDS["charter"].aggregate(entry)
    before = known.get(aggregate, ())
    spans = charter_spans({aggregate: [*before, entry]})
    own = [span for span in spans if span.data.version == entry.version]
    others = charter_spans({name: said for name, said in known.items() if name != aggregate})
    found = clashes_with(own, others, matters, ancestors(known))
    return [_second_lead(clash, origin) for clash in found]


def _second_lead(clash: Clash, origin: Origin) -> DistrictError:
    other = clash.other.data
    return _error("two_leads", origin, "matters",
                  f"{other.charter} ({other.department}) leads for {_shown(clash.matters)} on"
                  f" grid {other.grid} at the same time",
                  "let one be support, or part their matters, grounds or times; or revoke the"
                  " other one first")  # fmt: skip


def _shown(matters: Sequence[str]) -> str:
    return ", ".join(matters[:SHOWN]) + (", ..." if len(matters) > SHOWN else "")


def _error(code: str, origin: Origin, field: str, message: str, hint: str) -> DistrictError:
    place = origin.at(field.split("."))
    return DistrictError(code=code, origin=place, message=f"{field}: {message}", hint=hint)
