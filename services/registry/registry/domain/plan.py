"""What loading a district comes to: what is wrong with it, or what is to be published."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from case_contracts.district import DistrictBundle, DistrictError, Origin
from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, GridPublished
from registry.domain.changes import Unchangeable, changes
from registry.domain.charters import CharterSpan, Clash, clashes
from registry.domain.kinds import KINDS, Kind, kind_of, starts, version
from registry.domain.record import standing
from registry.domain.validation.accountable import check_accountable
from registry.domain.validation.draft import Draft, Placed, draft
from registry.domain.validation.findings import Findings
from registry.domain.validation.ground import check_ground
from registry.domain.validation.outlines import check_outlines
from registry.domain.validation.references import check_references
from registry.domain.validation.rules import check_rules
from registry.domain.validation.times import check_times
from registry.domain.validation.tree import check_tree
from service_kit.validity import Span

Published = Mapping[str, Sequence[EventData]]
"""What was published of each aggregate, in order."""

_BY_EVENT = {kind.published: kind for kind in KINDS.values()}


@dataclass(frozen=True)
class Step:
    """One thing to be published, and the events that it takes."""

    aggregate: str
    wanted: EventData
    events: tuple[EventData, ...]


@dataclass
class Plan:
    """``steps`` are in the order of publication; to be followed only without ``errors``."""

    steps: list[Step] = field(default_factory=list)
    unchanged: int = 0
    errors: list[DistrictError] = field(default_factory=list)
    warnings: list[DistrictError] = field(default_factory=list)

    @property
    def published(self) -> dict[str, int]:
        """How many events of each type."""
        return dict(Counter(event.SPEC.type for step in self.steps for event in step.events))


def plan(bundle: DistrictBundle, published: Published, district: str) -> Plan:
    """Validate the district whole, and compare it with what is published already.

    ``district`` is the one that this registry serves: every event of ours carries its id.
    """
    findings = Findings()
    read = check_tree(draft(bundle, findings), findings)
    twice = check_times(read, findings)
    check_references(read, findings)
    check_rules(read, district, findings)
    check_accountable(read, findings)
    check_ground(check_outlines(read, findings), findings)
    planned = _Planner(published, findings).plan(read, twice)
    planned.errors, planned.warnings = findings.errors, findings.warnings
    return planned


class _Planner:
    def __init__(self, published: Published, findings: Findings) -> None:
        self._findings = findings
        self._known = defaultdict(list, {key: list(each) for key, each in published.items()})
        self._before = set(published)
        self._origins: dict[tuple[str, int], Origin] = {}

    def plan(self, read: Draft, twice: set[str]) -> Plan:
        planned = Plan()
        named: set[str] = set()
        for placed in sorted(read.things(), key=_order):
            kind = _BY_EVENT[type(placed.data)]
            aggregate = kind.aggregate(placed.data)
            named.add(aggregate)
            if aggregate in twice:
                continue
            events = self._changes(kind, aggregate, placed)
            if events:
                planned.steps.append(Step(aggregate, placed.data, events))
            else:
                planned.unchanged += 1
            self._known[aggregate] += events
        self._check_left(named)
        self._check_charters(read)
        return planned

    def _changes(self, kind: Kind, aggregate: str, placed: Placed[Any]) -> tuple[EventData, ...]:
        self._origins[aggregate, version(placed.data)] = placed.origin
        try:
            return tuple(changes(kind, self._known[aggregate], placed.data))
        except Unchangeable as error:
            self._findings.error(error.code, placed.origin, error.detail, error.hint)
            return ()

    def _check_left(self, named: set[str]) -> None:
        for aggregate in sorted(self._before - named):
            said = f"{aggregate} is published, but not in the files"
            hint = "it stays as it is; to end it, keep it with a valid_to"
            self._findings.warn("left_out", None, said, hint)

    def _check_charters(self, read: Draft) -> None:
        """Also against entries that were published before and are not in the files."""
        matters = {matter.code for matter in read.standard.data.matters} if read.standard else set()
        for clash in clashes(self._charter_spans(), matters, _ancestors(read)):
            one, other = self._sides(clash)
            shown = ", ".join(clash.matters[:3]) + (", ..." if len(clash.matters) > 3 else "")
            self._findings.error(
                "two_leads", self._origin(other),
                f"{other.data.charter} and {one.data.charter} ({self._place(one)}) both lead for"
                f" {shown} on grid {other.data.grid}",
                "let one be support, or part their matters, grounds or times",
            )  # fmt: skip

    def _charter_spans(self) -> list[CharterSpan]:
        kind = KINDS["charter"]
        return [
            Span(span.data, span.start, span.end)
            for aggregate, events in sorted(self._known.items())
            if kind_of(aggregate) is kind
            for span in standing(kind, events)
            if isinstance(span.data, CharterGranted)
        ]

    def _sides(self, clash: Clash) -> tuple[CharterSpan, CharterSpan]:
        """The one further down in the files last: that is where the reader looks."""
        sides = sorted((clash.one, clash.other), key=self._line)
        return sides[0], sides[1]

    def _line(self, span: CharterSpan) -> int:
        origin = self._origin(span)
        return (origin.line or 0) if origin else -1

    def _origin(self, span: CharterSpan) -> Origin | None:
        aggregate = KINDS["charter"].aggregate(span.data)
        return self._origins.get((aggregate, span.data.version))

    def _place(self, span: CharterSpan) -> str:
        origin = self._origin(span)
        return f"{origin.file}:{origin.line}" if origin else "published before"


def _order(placed: Placed[Any]) -> tuple[int, int, Any, int]:
    """By kind as they are published, grids top down, each thing's entries in their order."""
    data = placed.data
    kind = _BY_EVENT[type(data)]
    depth = len(data.path) if isinstance(data, GridPublished) else 0
    return list(KINDS).index(kind.name), depth, starts(data), version(data)


def _ancestors(read: Draft) -> dict[str, frozenset[str]]:
    above: dict[str, frozenset[str]] = {}
    for grid in read.grids:
        above[grid.data.grid] = above.get(grid.data.grid, frozenset()) | set(grid.data.path)
    return above
