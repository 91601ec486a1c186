"""What a grid that ends leaves behind: people and groups end with it, responsibilities must not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from case_contracts.district import Item, Origin, Raw
from registry.domain.kinds import KINDS, Kind
from registry.domain.record import standing
from registry.domain.territory.standing import Standing
from registry.domain.validation.findings import Findings
from service_kit.validity import Span

PEOPLE = {
    "posting": "postings",
    "secondment": "secondments",
    "contact_group": "contact_groups",
}
"""Kinds that end with their grid, each with its name in a part of a district."""
RESPONSIBILITIES = {
    "charter": "grant it on the grids that come, and revoke it here",
    "portfolio": "assign it on the grids that come, and end it here",
}


@dataclass(frozen=True)
class Belongings:
    """Everything that names one grid and is valid after the time of the change."""

    grid: str
    origin: Origin
    standing: Standing
    findings: Findings
    add: Callable[[str, Raw], None]

    def end(self) -> None:
        """Postings, secondments and contact groups end; charters and portfolios are errors."""
        self._check_responsibilities()
        for kind, span in self._people():
            if span.start >= self.standing.when:
                self._begins_later(kind, span)
                continue
            value = span.data.model_dump(mode="json")
            self._wanted(kind, value | {"valid_to": self.standing.when.isoformat()})

    def follow(self, code: str) -> None:
        """They go on under the grid's new code."""
        self._check_responsibilities()
        for kind, span in self._people():
            if span.start >= self.standing.when:
                self._begins_later(kind, span)
                continue
            value = span.data.model_dump(mode="json")
            since = {"grid": code, "valid_from": self.standing.when.isoformat()}
            self._wanted(kind, value | since)

    def _wanted(self, kind: Kind, value: dict[str, Any]) -> None:
        self.add(PEOPLE[kind.name], Item(origin=self.origin, value=value))

    def _begins_later(self, kind: Kind, span: Span[Any]) -> None:
        thing = kind.aggregate(span.data)
        self.findings.error("begins_later", self.origin,
                            f"{thing} begins at {span.start.isoformat()} in grid {self.grid},"
                            " which has ended then",
                            "end it first, or let it begin in a grid of that time",
                            self.grid)  # fmt: skip

    def _check_responsibilities(self) -> None:
        for name, what in RESPONSIBILITIES.items():
            for span in self._of(KINDS[name]):
                thing = KINDS[name].aggregate(span.data)
                self.findings.error(f"{name}_on_grid", self.origin,
                                    f"{thing} holds on grid {self.grid}, which ends at"
                                    f" {self.standing.when.isoformat()}",
                                    f"{what} from then on", self.grid)  # fmt: skip

    def _people(self) -> Iterator[tuple[Kind, Span[Any]]]:
        for name in PEOPLE:
            for span in self._of(KINDS[name]):
                yield KINDS[name], span

    def _of(self, kind: Kind) -> Iterator[Span[Any]]:
        for aggregate, events in self.standing.known.items():
            if not aggregate.startswith(f"{kind.name}:"):
                continue
            if all(getattr(event, "grid", None) != self.grid for event in events):
                continue
            for span in standing(kind, events):
                if span.end > self.standing.when and getattr(span.data, "grid", "") == self.grid:
                    yield span
