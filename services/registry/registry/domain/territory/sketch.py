"""A change of the territory in the making: what begins, what ends, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from case_contracts.district import DistrictPart, Item, Origin, Raw
from case_contracts.events.registry import GridPublished
from case_contracts.values import Text
from registry.domain.territory.belongings import Belongings
from registry.domain.territory.standing import Standing
from registry.domain.validation.draft import Placed
from registry.domain.validation.findings import Findings
from registry.domain.validation.outlines import read_outline
from service_kit.validity import START


def place(*steps: str | int) -> Origin:
    """Where in the request: ``body.parts.0``."""
    return Origin(file=".".join(["body", *map(str, steps)]))


@dataclass
class Sketch:
    """``codes`` renames grids that change their parent, where the code says the parent."""

    standing: Standing
    findings: Findings
    codes: Mapping[str, str] = field(default_factory=dict)
    grids: dict[str, Raw] = field(default_factory=dict)
    others: dict[str, list[Raw]] = field(default_factory=dict)

    def taken(self, code: str, origin: Origin, *, inner: bool = True) -> GridPublished | None:
        """The grid that is to change, if it may; ``inner``: not the whole district."""
        grid = self.standing.grid(code)
        if grid is None:
            when = self.standing.when.isoformat()
            self.error("grid_unknown", origin, f"no grid {code} is valid at {when}",
                       "correct the code or the time")  # fmt: skip
            return None
        if inner and code == self.standing.root:
            self.error("root_stays", origin, f"grid {code} is the whole district",
                       "change the grids under it", code)  # fmt: skip
            return None
        return grid if self.settled([code], origin) else None

    def settled(self, codes: Iterable[str], origin: Origin) -> bool:
        """Whether nothing is decided about the grids for the same time or a later one."""
        fine = True
        for code in codes:
            later = self.standing.changes_later(code)
            if later is not None or self.standing.begins(code):
                when = (later or self.standing.when).isoformat()
                self.error("changed_later", origin,
                           f"grid {code} changes at {when}: that is decided already",
                           f"give a valid_from after {when}", code)  # fmt: skip
                fine = False
        return fine

    def new_code(self, code: str, origin: Origin) -> bool:
        """Whether no grid ever had the code."""
        if self.standing.used(code) or code in self.grids:
            self.error("code_used", origin, f"there is or was a grid {code} already",
                       "choose a code that was never used: cases of the past name the old grid",
                       code)  # fmt: skip
            return False
        return True

    def outline(
        self, code: str, geometry: Mapping[str, Any], origin: Origin
    ) -> BaseGeometry | None:
        """The outline as a polygon; None, and an error, where it cannot be reckoned with."""
        return read_outline(Placed(origin, _bare(code, geometry)), self.findings)

    def publish(self, grid: GridPublished, origin: Origin, /, **changed: Any) -> None:
        """The grid begins anew, with what is changed."""
        value = grid.model_dump(mode="json", exclude={"path"}) | changed
        if isinstance(value["name"], Text):
            value["name"] = value["name"].model_dump()
        value |= {"valid_from": self.standing.when.isoformat(), "valid_to": None}
        self.grids[value["grid"]] = Item(origin=origin, value=value)

    def end(self, code: str, origin: Origin) -> None:
        """The grid ends, and what is in it."""
        self._retire(code, origin)
        self._belongings(code, origin).end()

    def adopt(self, code: str, parent: str, origin: Origin, **changed: Any) -> None:
        """The grid gets another parent, or only another path; with all that is under it."""
        grid = self.standing.grid(code)
        assert grid is not None, "only what stands has a parent"
        if not self.settled([code], origin):
            return
        name = self.codes.get(code, code)
        if name != code and self.new_code(name, origin):
            self._retire(code, origin)
            self._belongings(code, origin).follow(name)
        self.publish(grid, origin, grid=name, parent=parent, **changed)
        for child in self.standing.children.get(code, ()):
            self.adopt(child, name, origin)

    def add(self, kind: str, raw: Raw) -> None:
        """Something else that is to be published with it."""
        self.others.setdefault(kind, []).append(raw)

    def part(self) -> DistrictPart:
        """All that is wanted."""
        return DistrictPart.model_validate({"grids": list(self.grids.values()), **self.others})

    def error(self, code: str, origin: Origin, message: str, hint: str, *grids: str) -> None:
        self.findings.error(code, origin, message, hint, *grids)

    def _retire(self, code: str, origin: Origin) -> None:
        grid = self.standing.grid(code)
        assert grid is not None, "only what stands can end"
        value = grid.model_dump(mode="json", exclude={"path"})
        value["valid_to"] = self.standing.when.isoformat()
        self.grids[code] = Item(origin=origin, value=value)

    def _belongings(self, code: str, origin: Origin) -> Belongings:
        return Belongings(code, origin, self.standing, self.findings, self.add)


def _bare(code: str, geometry: Mapping[str, Any]) -> GridPublished:
    return GridPublished.model_construct(
        grid=code, level="", parent=None, path=(), name=Text(zh=code, en=code),
        geometry=dict(geometry), valid_from=START,
    )  # fmt: skip
