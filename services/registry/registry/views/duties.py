"""Matters, posts and admissions as they stood at a time, from what was published of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from case_contracts.events.base import EventData
from case_contracts.events.registry import MatterAdmitted, PostingStarted, StandardPublished
from registry.domain.kinds import KINDS, kind_of
from registry.domain.record import standing

Known = Mapping[str, Sequence[EventData]]


def matters_at(known: Known, when: datetime) -> set[str]:
    """The matters of the standards of that time."""
    return {
        matter.code
        for each in _standing(known, "standard", when)
        if isinstance(each, StandardPublished)
        for matter in each.matters
    }


def posts_at(known: Known, when: datetime) -> dict[str, list[PostingStarted]]:
    """The postings of that time by grid."""
    found: dict[str, list[PostingStarted]] = defaultdict(list)
    for each in _standing(known, "posting", when):
        if isinstance(each, PostingStarted):
            found[each.grid].append(each)
    return found


def admitted(known: Known, when: datetime) -> frozenset[str]:
    """The matters that grid workers might be sent."""
    matters = _standing(known, "matter", when)
    return frozenset(each.matter for each in matters if isinstance(each, MatterAdmitted))


def _standing(known: Known, kind: str, when: datetime) -> Iterator[EventData]:
    for aggregate, said in known.items():
        if kind_of(aggregate).name == kind:
            for span in standing(KINDS[kind], said):
                if span.valid(when):
                    yield span.data
