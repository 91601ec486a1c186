"""What holds of every dated thing: an end after its beginning, and no id twice at a time."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from registry.domain.kinds import KINDS, Kind, ends, starts, version
from registry.domain.validation.draft import ID_LENGTH, Draft, Placed
from registry.domain.validation.findings import Findings

_BY_EVENT = {kind.published: kind for kind in KINDS.values()}


def check_times(draft: Draft, findings: Findings) -> set[str]:
    """Ends, lengths of ids, and ids that stand twice; returns the aggregates of the latter."""
    by_id: dict[str, list[Placed[Any]]] = defaultdict(list)
    for placed in draft.things():
        _check_end(placed, findings)
        aggregate = _kind(placed).aggregate(placed.data)
        by_id[aggregate].append(placed)
        if len(aggregate) > ID_LENGTH:
            said = f"{aggregate} is longer than {ID_LENGTH} characters"
            findings.error("id_too_long", placed.origin, said, "choose a shorter id")
    return {
        aggregate for aggregate, several in by_id.items()
        if len(several) > 1 and _stand_twice(aggregate, several, findings)
    }  # fmt: skip


def _kind(placed: Placed[Any]) -> Kind:
    return _BY_EVENT[type(placed.data)]


def _check_end(placed: Placed[Any], findings: Findings) -> None:
    if ends(placed.data) <= starts(placed.data):
        origin = placed.origin.at(("valid_to",))
        said = "valid_to is not after valid_from"
        findings.error("validity_empty", origin, said, "correct one of the two")


def _stand_twice(aggregate: str, several: Iterable[Placed[Any]], findings: Findings) -> bool:
    ordered = sorted(several, key=lambda placed: starts(placed.data))
    clashes = [(a, b) for a, b in pairwise(ordered) if _clash(a, b)]
    for before, after in clashes:
        first = before.origin.place
        said = f"{aggregate} stands here again, at the same time as in {first}"
        hint = "give one another id, or let the first end (valid_to) where the next begins"
        findings.error("duplicate", after.origin, said, hint)
    return bool(clashes)


def _clash(before: Placed[Any], after: Placed[Any]) -> bool:
    """Whether the same id means two things: one version, or one time, twice."""
    if _kind(after).versioned:
        return version(before.data) >= version(after.data)
    return ends(before.data) > starts(after.data)
