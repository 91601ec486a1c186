"""The district's grids with their outlines, as the registry has published them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from case_contracts.events.base import EventData
from case_contracts.events.registry import GridPublished, GridRetired
from case_contracts.values import Text
from service_kit.grids import GridIndex, UnknownGrid


@dataclass(frozen=True)
class Territory:
    """The index is made when it is first asked: a district is loaded grid by grid, and few cases
    lie between two responsibilities."""

    grids: Sequence[GridPublished | GridRetired] = ()

    @cached_property
    def _index(self) -> GridIndex:
        return GridIndex.build(self.grids)

    @cached_property
    def _levels(self) -> Mapping[str, str]:
        return {e.grid: e.level for e in self.grids if isinstance(e, GridPublished)}

    @cached_property
    def _names(self) -> Mapping[str, Text]:
        return {e.grid: e.name for e in self.grids if isinstance(e, GridPublished)}

    def grid(self, code: str, when: datetime) -> GridPublished | None:
        """As it was valid; None where none was."""
        try:
            return self._index.published(code, when)
        except UnknownGrid:
            return None

    def level(self, code: str) -> str | None:
        """The grid's level in the tree, as the district names it."""
        return self._levels.get(code)

    def name(self, code: str) -> Text | None:
        """What the grid is called; None where it is retired or was never published."""
        return self._names.get(code)

    def neighbours(self, code: str, when: datetime) -> Sequence[GridPublished]:
        """The grids of the same depth that lie beside it."""
        return self._index.beside(code, when)


def build_territory(events: Iterable[EventData]) -> Territory:
    return Territory([e for e in events if isinstance(e, GridPublished | GridRetired)])
