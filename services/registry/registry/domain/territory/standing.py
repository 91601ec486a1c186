"""The grids as they stand at a time, and what a change at that time may touch."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from case_contracts.events.base import EventData
from case_contracts.events.registry import DistrictPublished, GridPublished
from registry.domain.kinds import KINDS
from registry.domain.record import standing
from service_kit.validity import END, Span

Known = Mapping[str, Sequence[EventData]]
GRID = KINDS["grid"]


@dataclass(frozen=True)
class Standing:
    """``grids`` and ``children`` by code, as they stand at ``when``; ``known`` is everything."""

    when: datetime
    known: Known
    grids: Mapping[str, Span[EventData]]
    children: Mapping[str, Sequence[str]]

    def grid(self, code: str) -> GridPublished | None:
        """The grid, as it was published; None if there is none at the time."""
        span = self.grids.get(code)
        return span.data if span and isinstance(span.data, GridPublished) else None

    def used(self, code: str) -> bool:
        """Whether a grid ever had this code, or is to have it."""
        return bool(self.known.get(f"grid:{code}"))

    def begins(self, code: str) -> bool:
        """Whether the grid begins only then: what is to change has to stand before."""
        span = self.grids.get(code)
        return span is not None and span.start == self.when

    def changes_later(self, code: str) -> datetime | None:
        """When something else is decided already to become of the grid."""
        times = [
            time
            for span in standing(GRID, self.known.get(f"grid:{code}", ()))
            for time in (span.start, span.end)
            if self.when < time < END
        ]
        return min(times, default=None)

    def below(self, code: str) -> Iterator[str]:
        """All grids under it, each after its parent."""
        for child in self.children.get(code, ()):
            yield child
            yield from self.below(child)

    def outline(self, code: str) -> BaseGeometry:
        """The polygon of a grid that stands."""
        grid = self.grid(code)
        assert grid is not None, f"{code} was asked for before"
        return shape(grid.geometry)

    @property
    def root(self) -> str | None:
        """The district's topmost grid."""
        return next(
            (
                span.data.root_grid
                for aggregate, events in self.known.items()
                if aggregate.startswith("district:")
                for span in standing(KINDS["district"], events)[-1:]
                if isinstance(span.data, DistrictPublished)
            ),
            None,
        )


def standing_at(known: Known, when: datetime) -> Standing:
    """What stands at the time, of all that was published."""
    grids: dict[str, Span[EventData]] = {}
    children: dict[str, list[str]] = defaultdict(list)
    for aggregate in _grids(known):
        for span in standing(GRID, known[aggregate]):
            if span.valid(when) and isinstance(span.data, GridPublished):
                grids[span.data.grid] = span
                if span.data.parent is not None:
                    children[span.data.parent].append(span.data.grid)
    return Standing(when, known, grids, {code: sorted(each) for code, each in children.items()})


def _grids(known: Known) -> Iterable[str]:
    return (aggregate for aggregate in known if aggregate.startswith("grid:"))
