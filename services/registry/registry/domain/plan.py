"""What a change comes to: what is wrong with it, or what is to be published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from case_contracts.district import DistrictBundle, DistrictError, DistrictPart
from case_contracts.events.base import EventData
from registry.domain.changes import Unchangeable, changes
from registry.domain.chartering.unled import Unled, not_led
from registry.domain.kinds import KINDS, Kind, ends, kind_of, starts
from registry.domain.record import in_force
from registry.domain.step import Step, counted
from registry.domain.validation.accountable import check_accountable
from registry.domain.validation.draft import Draft, Placed, draft
from registry.domain.validation.figures import check_figures
from registry.domain.validation.findings import Findings
from registry.domain.validation.gaps import check_gaps
from registry.domain.validation.ground import Checks, check_ground
from registry.domain.validation.leads import Origins, check_leads
from registry.domain.validation.outlines import check_outlines
from registry.domain.validation.people import check_people
from registry.domain.validation.references import check_references
from registry.domain.validation.rules import check_rules
from registry.domain.validation.times import check_times
from registry.domain.validation.tree import check_tree
from registry.domain.whole import around, touched, whole, with_paths
from service_kit.validity import START

Published = Mapping[str, Sequence[EventData]]
"""What was published of each aggregate, in order."""

NOT_IN_FILES = {"secondment", "contact_group", "commitment"}
"""What a district's files have no place for, so that nobody leaves it out."""

BY_EVENT = {kind.published: kind for kind in KINDS.values()}


@dataclass
class Plan:
    """``steps`` are in the order of publication; to be followed only without ``errors``.
    ``unled`` are the matters of a whole district that nobody leads, by ground."""

    steps: list[Step] = field(default_factory=list)
    unchanged: int = 0
    errors: list[DistrictError] = field(default_factory=list)
    warnings: list[DistrictError] = field(default_factory=list)
    unled: list[Unled] = field(default_factory=list)

    @property
    def published(self) -> dict[str, int]:
        """How many events of each type."""
        return counted(self.steps)


def plan(
    bundle: DistrictBundle, published: Published, district: str, checks: Checks | None = None
) -> Plan:
    """Validate the district whole, and compare it with what is published already.

    ``district`` is the one that this registry serves: every event of ours carries its id.
    """
    findings = Findings()
    read = check_tree(draft(bundle, findings), findings)
    twice = check_times(read, findings)
    _check(read, district, findings)
    check_people(read, findings)
    outlines = check_outlines(read, findings)
    check_ground(outlines, findings, checks)
    check_gaps(outlines, findings)
    planner = _Planner(published, findings)
    planned = planner.plan(read, twice)
    planner.check_left({BY_EVENT[type(p.data)].aggregate(p.data) for p in read.things()})
    check_leads(planner.known, planner.origins, _matters(read), findings)
    planned.unled = not_led(read, planner.known)
    planned.errors, planned.warnings = findings.errors, findings.warnings
    return planned


def plan_part(
    part: DistrictPart, published: Published, district: str, checks: Checks | None = None
) -> Plan:
    """Plan some things together with all that stands; only what they make wrong is found.

    ``published`` holds at least every kind that the part or what it refers to belongs to.
    """
    findings = Findings()
    read = draft(part, findings)
    read = with_paths(read, published, findings)
    twice = check_times(read, findings)
    planner = _Planner(published, findings)
    planned = planner.plan(read, twice)
    before = _found(published, {}, district, read, checks)
    after = _found(planner.known, planner.origins, district, read, checks)
    findings.add_new(after, before)
    planned.errors, planned.warnings = findings.errors, findings.warnings
    return planned


def judge(
    steps: Sequence[Step], published: Published, district: str, checks: Checks | None = None
) -> Plan:
    """Steps that are known already (an end), together with all that stands."""
    findings, known = Findings(), {k: list(said) for k, said in published.items()}
    for step in steps:
        known.setdefault(step.aggregate, []).extend(step.events)
    touched_by = {s.aggregate: published.get(s.aggregate) or s.events for s in steps}
    read = whole(touched_by, {})
    before = _found(published, {}, district, read, checks)
    findings.add_new(_found(known, {}, district, read, checks), before)
    return Plan(list(steps), errors=findings.errors, warnings=findings.warnings)


def _found(
    known: Published, origins: Origins, district: str, read: Draft, checks: Checks | None
) -> Findings:
    """All that is wrong with what stands, as far as the grids in question and the rest go."""
    findings = Findings()
    standing = whole(known, origins)
    check_people(standing, findings)
    if read.grids or read.postings:
        families = touched(standing, read)
        standing = check_tree(around(standing, read), findings)
    else:
        standing = around(standing, read)
    _check(standing, district, findings)
    if read.grids:
        outlines = check_outlines(standing, findings)
        check_ground(outlines, findings, checks)
        check_gaps(outlines, findings, only=families, since=_since(read, known))
    check_leads(known, origins, _matters(standing), findings)
    return findings


def _since(read: Draft, known: Published) -> datetime:
    """From when on the wanted grids change anything: what begins, and what is given an end."""
    times = []
    for placed in read.grids:
        said = known.get(BY_EVENT[type(placed.data)].aggregate(placed.data), ())
        ended = any(starts(each) == starts(placed.data) for each in said[:-1])
        times.append(ends(placed.data) if ended else starts(placed.data))
    return min(times, default=START)


def _check(read: Draft, district: str, findings: Findings) -> None:
    check_references(read, findings)
    check_rules(read, district, findings)
    check_figures(read, findings)
    check_accountable(read, findings)


def _matters(read: Draft) -> set[str]:
    return {matter.code for matter in read.standard.data.matters} if read.standard else set()


class _Planner:
    """``known`` is what will have been published, ``origins`` where what is wanted was read."""

    def __init__(self, published: Published, findings: Findings) -> None:
        self._findings = findings
        self._before = {name for name, said in published.items() if in_force(kind_of(name), said)}
        self.known: dict[str, list[EventData]] = {k: list(each) for k, each in published.items()}
        self.origins: Origins = {}

    def plan(self, read: Draft, twice: set[str]) -> Plan:
        planned = Plan()
        for placed in sorted(read.things(), key=_order):
            kind = BY_EVENT[type(placed.data)]
            aggregate = kind.aggregate(placed.data)
            if aggregate in twice:
                continue
            events = self._changes(kind, aggregate, placed)
            if events:
                planned.steps.append(Step(aggregate, events))
            else:
                planned.unchanged += 1
            self.known.setdefault(aggregate, []).extend(events)
        planned.steps.sort(key=lambda step: step.stage)
        return planned

    def _changes(self, kind: Kind, aggregate: str, placed: Placed[Any]) -> tuple[EventData, ...]:
        self.origins[aggregate, kind.entry(placed.data)] = placed.origin
        try:
            return tuple(changes(kind, self.known.get(aggregate, []), placed.data))
        except Unchangeable as error:
            self._findings.error(error.code, placed.origin, error.detail, error.hint)
            return ()

    def check_left(self, named: set[str]) -> None:
        files = {each for each in self._before if kind_of(each).name not in NOT_IN_FILES}
        for aggregate in sorted(files - named):
            said = f"{aggregate} is published, but not in the files"
            hint = "it stays as it is; to end it, keep it with a valid_to"
            self._findings.warn("left_out", None, said, hint)


def _order(placed: Placed[Any]) -> tuple[int, int, Any]:
    """Each thing's entries in their order; steps are sorted by stage afterwards."""
    kind = BY_EVENT[type(placed.data)]
    return list(KINDS).index(kind.name), *kind.entry(placed.data)
