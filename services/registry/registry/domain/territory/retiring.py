"""A grid that ends, and nobody takes its ground."""

from registry.domain.territory.sketch import Sketch, place


def retire(sketch: Sketch, code: str) -> None:
    """The grid and what is in it end; it must have no grids under it."""
    if sketch.taken(code, place("code")) is None:
        return
    children = sketch.standing.children.get(code, ())
    if children:
        shown = ", ".join(children[:5]) + (", ..." if len(children) > 5 else "")
        sketch.error("has_children", place("code"), f"grid {code} has grids under it: {shown}",
                     "move, merge or retire them first", code)  # fmt: skip
        return
    sketch.end(code, place("code"))
