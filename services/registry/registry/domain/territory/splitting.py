"""One grid becomes several: together they have exactly its ground."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

from case_contracts.district import Item
from case_contracts.events.registry import GridPublished
from case_contracts.values import Text
from registry.domain.territory.checking import check_apart, check_same_ground
from registry.domain.territory.outlined import TOLERANCE, lost
from registry.domain.territory.sketch import Sketch, place


@dataclass(frozen=True)
class Part:
    """A grid that comes of a split."""

    grid: str
    name: Text
    geometry: Mapping[str, Any]
    households: int | None = None


def split(
    sketch: Sketch, code: str, parts: Sequence[Part], postings: Sequence[Mapping[str, Any]] = ()
) -> None:
    """The grid and what is in it end; the parts begin, each with the children that lie in it."""
    old = sketch.taken(code, place("code"))
    if old is None:
        return
    outlines = _outlines(sketch, parts)
    if len(outlines) < len(parts):
        return
    whole = {code: sketch.standing.outline(code)}
    check_same_ground(sketch, whole, outlines, place("parts"))
    check_apart(sketch, outlines, place("parts"))
    _check_households(sketch, old, parts)
    sketch.end(code, place("code"))
    for n, part in enumerate(parts):
        sketch.publish(old, place("parts", n), grid=part.grid, name=part.name,
                       geometry=dict(part.geometry), households=part.households)  # fmt: skip
    for child in sketch.standing.children.get(code, ()):
        _place_child(sketch, child, outlines)
    for n, posting in enumerate(postings):
        since = {"valid_from": sketch.standing.when.isoformat()} | dict(posting)
        sketch.add("postings", Item(origin=place("postings", n), value=since))


def _outlines(sketch: Sketch, parts: Sequence[Part]) -> dict[str, BaseGeometry]:
    """Of the parts that are in order."""
    found: dict[str, BaseGeometry] = {}
    for n, part in enumerate(parts):
        origin = place("parts", n)
        if part.grid in found:
            sketch.error("code_used", origin, f"{part.grid} stands twice",
                         "give each part a code of its own", part.grid)  # fmt: skip
            continue
        outline = sketch.outline(part.grid, part.geometry, origin)
        if sketch.new_code(part.grid, origin) and outline is not None:
            found[part.grid] = outline
    return found


def _check_households(sketch: Sketch, old: GridPublished, parts: Sequence[Part]) -> None:
    counts = [part.households for part in parts if part.households is not None]
    if old.households is None or (len(counts) == len(parts) and sum(counts) == old.households):
        return
    sketch.findings.warn("households_differ", place("parts"),
                         f"grid {old.grid} has {old.households} households, its parts"
                         f" {sum(counts)} ({len(parts) - len(counts)} parts say none)",
                         "share the count out among the parts",
                         *(part.grid for part in parts))  # fmt: skip


def _place_child(sketch: Sketch, child: str, parts: Mapping[str, BaseGeometry]) -> None:
    outline = sketch.standing.outline(child)
    shares = {code: 1 - lost(outline, ground) for code, ground in parts.items()}
    best = max(shares, key=lambda code: shares[code])
    if shares[best] >= 1 - TOLERANCE:
        sketch.adopt(child, best, place("parts"))
        return
    said = ", ".join(f"{share:.1%} in {code}" for code, share in shares.items() if share > 0)
    sketch.error("child_straddles", place("parts"), f"grid {child} lies {said}",
                 "draw the parts along the borders of the grids under it, or split it first",
                 child, *parts)  # fmt: skip
