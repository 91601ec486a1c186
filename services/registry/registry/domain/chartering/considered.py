"""Charter entries that do not apply to a matter on a ground, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterProposed
from registry.domain.chartering.proposals import proposals
from registry.domain.charters import CharterSpan, matching
from registry.domain.validation.leads import charter_spans

ORDER = ("proposed", "not_yet", "ended", "other_ground", "other_matter")
"""What is nearest to applying first."""


@dataclass(frozen=True)
class Passed:
    """An entry that was considered; ``at`` is when it begins or ended."""

    charter: str
    version: int
    department: str
    role: str
    why: str
    at: datetime | None = None


def passed_over(
    known: Mapping[str, Sequence[EventData]], matter: str, ground: Sequence[str], when: datetime
) -> list[Passed]:
    """Those whose matters or ground fit. ``ground`` is the grid with all those above it."""
    found: list[Passed] = []
    for aggregate, said in known.items():
        if not aggregate.startswith("charter:"):
            continue
        spans = charter_spans({aggregate: said})
        if any(span.valid(when) and _why_not(span.data, matter, ground) is None for span in spans):
            continue
        found += _of_entry(spans, said, matter, ground, when)
    return sorted(found, key=lambda each: (ORDER.index(each.why), each.charter, each.version))


def _of_entry(
    spans: Sequence[CharterSpan], said: Sequence[EventData], matter: str, ground: Sequence[str],
    when: datetime,
) -> list[Passed]:  # fmt: skip
    waits = [p.wanted for p in proposals(said).values() if p.pending]
    found = [_passed(w, "proposed") for w in waits if _why_not(w, matter, ground) is None]
    nearest = _nearest(spans, when)
    if nearest is None:
        return found
    why = _why_not(nearest.data, matter, ground)
    if why == "neither":
        return found
    if why is not None:
        return [*found, _passed(nearest.data, why)]
    if when < nearest.start:
        return [*found, _passed(nearest.data, "not_yet", nearest.start)]
    return [*found, _passed(nearest.data, "ended", nearest.end)]


def _nearest(spans: Sequence[CharterSpan], when: datetime) -> CharterSpan | None:
    """The version in force, otherwise the next one, otherwise the last one."""
    now = [span for span in spans if span.valid(when)]
    later = [span for span in spans if span.start > when]
    return next(iter((*now, *later, *reversed(spans))), None)


def _why_not(
    entry: CharterGranted | CharterProposed, matter: str, ground: Sequence[str]
) -> str | None:
    fits, here = matching(entry.matters, matter) is not None, entry.grid in ground
    if fits and here:
        return None
    if not fits and not here:
        return "neither"
    return "other_ground" if fits else "other_matter"


def _passed(
    entry: CharterGranted | CharterProposed, why: str, at: datetime | None = None
) -> Passed:
    return Passed(entry.charter, entry.version, entry.department, entry.role, why, at)
