"""The page of the neighbourhood's figures: a grid, what lies in it, and where it is on the map."""

from dataclasses import dataclass

from console.views.figures_told import GridFigures, Month, Share

STEPS = (Share(least=90, most=100), Share(least=80, most=90), Share(least=70, most=80),
         Share(least=50, most=70), Share(least=0, most=50))  # fmt: skip
"""As dispatch tells shares; the map's legend shows them all."""


@dataclass(frozen=True)
class Class:
    """A matter class with its number, and how long its bar is beside the largest, in per cent."""

    code: str
    number: int | None
    length: int


@dataclass(frozen=True)
class Shown:
    """``above`` leads from the district to the grid, without it. ``beside`` are drawn on the map:
    the grids below, or where there are none those beside it."""

    month: Month
    here: GridFigures
    above: list[GridFigures]
    below: list[GridFigures]
    beside: list[GridFigures]
    classes: list[Class]
    left_out: bool


def shown(month: Month, grid: str) -> Shown | None:
    """From the top where the grid is not known; None where there is no grid at all."""
    known = {each.grid: each for each in month.grids}
    here = known.get(grid) or next((each for each in month.grids if each.parent is None), None)
    if here is None:
        return None
    below = [each for each in month.grids if each.parent == here.grid]
    beside = below or [each for each in month.grids if each.parent == here.parent]
    numbers = [here.reported, here.open, *here.classes.values()]
    return Shown(
        month=month,
        here=here,
        above=_above(here, known),
        below=below,
        beside=beside,
        classes=_classes(here),
        left_out=None in [*numbers, *(n for each in below for n in (each.reported, each.open))],
    )


def _above(here: GridFigures, known: dict[str, GridFigures]) -> list[GridFigures]:
    found: list[GridFigures] = []
    parent = here.parent
    while parent is not None and parent in known:
        found.insert(0, known[parent])
        parent = known[parent].parent
    return found


def _classes(here: GridFigures) -> list[Class]:
    """The largest first, then what is left out."""
    most = max((number or 0 for number in here.classes.values()), default=0) or 1
    found = [
        Class(code, number, round(100 * (number or 0) / most))
        for code, number in here.classes.items()
    ]
    return sorted(found, key=lambda each: (each.number is None, -(each.number or 0)))
