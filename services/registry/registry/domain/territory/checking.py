"""What must hold of the ground in any change: nothing lost, nothing won, nothing twice."""

from collections.abc import Mapping, Sequence

from shapely.geometry.base import BaseGeometry

from case_contracts.district import Origin
from registry.domain.territory.outlined import TOLERANCE, lost, overlaps, union
from registry.domain.territory.sketch import Sketch

Outlines = Mapping[str, BaseGeometry]


def check_same_ground(
    sketch: Sketch, before: Outlines, after: Outlines, origin: Origin, *, more: bool = False
) -> None:
    """The union stays as it was; with ``more`` it may grow."""
    old, new = union(list(before.values())), union(list(after.values()))
    for share, what in ((lost(old, new), "is lost"), (0 if more else lost(new, old), "is new")):
        if share > TOLERANCE:
            names = ", ".join(list(before)[:5])
            sketch.error("ground_changes", origin,
                         f"{share:.2%} of the ground of {names} {what}",
                         "draw the outlines so that together they have the same ground as before",
                         *before, *after)  # fmt: skip


def check_apart(sketch: Sketch, outlines: Outlines, origin: Origin) -> None:
    """No two of them have ground in common."""
    codes = list(outlines)
    for one, other, share in overlaps(list(outlines.values())):
        sketch.error("parts_overlap", origin,
                     f"{codes[one]} and {codes[other]} have ground in common: {share:.1%} of the"
                     " smaller one",
                     "draw one border between the two", codes[one], codes[other])  # fmt: skip


def check_inside(
    sketch: Sketch, child: str, parent: str, before: Sequence[float], after: float, origin: Origin
) -> None:
    """The child lies in the parent, or no further outside than it did."""
    if after > TOLERANCE + max(before, default=0.0):
        sketch.error("child_outside", origin,
                     f"{after:.1%} of grid {child} would lie outside its parent {parent}",
                     "redraw the two together, or give the child the parent in which it lies",
                     child, parent)  # fmt: skip
