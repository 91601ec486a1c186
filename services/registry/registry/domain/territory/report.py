"""Everything that is wrong or doubtful in the territory as it stands at a time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from case_contracts.district import DistrictError
from registry.domain.kinds import ends, starts
from registry.domain.plan import Published
from registry.domain.territory.planning import map_of, seen_of
from registry.domain.territory.standing import standing_at
from registry.domain.validation.accountable import check_accountable
from registry.domain.validation.draft import Draft, Placed
from registry.domain.validation.figures import check_figures
from registry.domain.validation.findings import Findings
from registry.domain.validation.gaps import check_gaps
from registry.domain.validation.ground import Checks, check_ground
from registry.domain.validation.outlines import check_outlines
from registry.domain.validation.tree import check_tree
from registry.domain.whole import whole


@dataclass(frozen=True)
class Report:
    """``grids`` counts those of each level; ``map`` is an SVG, where one is wanted."""

    grids: dict[str, int]
    errors: Sequence[DistrictError]
    warnings: Sequence[DistrictError]
    map: str | None


def report(published: Published, when: datetime, *, with_map: bool, checks: Checks) -> Report:
    """What is found in the grids that are valid at ``when``; and nobody accountable, from then
    on."""
    findings, standing = Findings(), whole(published, {})
    draft = check_tree(_at(standing, when), findings)
    check_figures(draft, findings)
    check_accountable(_at(standing, when, ends_too=True), findings)
    outlines = check_outlines(draft, findings)
    check_ground(outlines, findings, checks)
    check_gaps(outlines, findings, since=when)
    drawn = None
    if with_map and (findings.errors or findings.warnings):
        seen = seen_of(standing_at(published, when))
        drawn = map_of(seen, findings.errors, findings.warnings)
    levels = Counter(placed.data.level for placed in draft.grids)
    return Report(dict(levels), findings.errors, findings.warnings, drawn)


def _at(draft: Draft, when: datetime, *, ends_too: bool = False) -> Draft:
    """Only the grids of that time, as if they began then and, if not ``ends_too``, never ended:
    neither the past nor what is decided for later is found wrong."""
    valid = [p for p in draft.grids if starts(p.data) <= when < ends(p.data)]
    times = {"valid_from": when} | ({} if ends_too else {"valid_to": None})
    grids = [Placed(p.origin, p.data.model_copy(update=times)) for p in valid]
    return replace(draft, grids=grids)
