"""Ground of a grid that none of its children has: reports there have no lowest grid."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import shapely

from registry.domain.kinds import ends, starts
from registry.domain.validation.findings import Findings
from registry.domain.validation.ground import TOLERANCE, families
from registry.domain.validation.outlines import Outline
from service_kit.validity import START


def check_gaps(
    outlines: Sequence[Outline],
    findings: Findings,
    *,
    only: Collection[str] | None = None,
    since: datetime = START,
) -> None:
    """A warning for each grid whose children leave more than the tolerance of it to nobody.

    ``only`` these grids are looked at, those all of whose children are there; and only what
    holds after ``since``.
    """
    for parent, children in families(outlines):
        code = parent[0].data.grid
        if only is not None and code not in only:
            continue
        worst = max(_left(parent, children, since), default=(0.0, START))
        if worst[0] > TOLERANCE:
            findings.warn("gap_in_parent", parent[0].origin.at(("geometry",)),
                          f"grid {code}: {worst[0]:.1%} of it lies in none of its children"
                          f" from {worst[1].isoformat()} on",
                          "redraw the children, or add the one that is missing", code)  # fmt: skip


def _left(
    parent: Outline, children: Sequence[Outline], since: datetime
) -> Iterator[tuple[float, datetime]]:
    """For each time at which the children change: the share of the parent that they leave."""
    grid, ground = parent
    times = {max(starts(grid.data), since)}
    for child, _ in children:
        times |= {starts(child.data), ends(child.data)}
    for when in sorted(times):
        if not (max(starts(grid.data), since) <= when < ends(grid.data)):
            continue
        there = [p for child, p in children if starts(child.data) <= when < ends(child.data)]
        yield left_share(ground, there), when


def left_share(ground: shapely.Geometry, parts: Sequence[shapely.Geometry]) -> float:
    """The share of the ground that none of the parts covers."""
    rest = shapely.difference(ground, shapely.union_all(list(parts)))
    return float(shapely.area(rest) / shapely.area(ground))
