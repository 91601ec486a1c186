"""What codes are called: grids, matters, their conditions, departments."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service_kit.language import Language

Named = Mapping[Language, str]


@dataclass(frozen=True)
class Grid:
    """``path`` are the grids above it, from the top down."""

    code: str
    level: str
    parent: str | None
    path: tuple[str, ...]
    name: Named


@dataclass(frozen=True)
class Names:
    """A code that nothing is known of is shown as it is: an older case may name what has ended."""

    grids: Mapping[str, Grid] = field(default_factory=dict)
    matters: Mapping[str, Named] = field(default_factory=dict)
    conditions: Mapping[tuple[str, str], Named] = field(default_factory=dict)
    departments: Mapping[str, Named] = field(default_factory=dict)

    def within(self, grid: str) -> tuple[str, ...]:
        """The grid and those above it, from the top down."""
        found = self.grids.get(grid)
        return (*found.path, grid) if found else (grid,)


@dataclass(frozen=True)
class Spoken:
    """The names in one language, for templates."""

    names: Names
    language: Language

    def grid(self, code: str) -> str:
        found = self.names.grids.get(code)
        return found.name[self.language] if found else code

    def level(self, code: str) -> str:
        found = self.names.grids.get(code)
        return found.level if found else ""

    def place(self, code: str) -> str:
        """The grid with those above it, without the district."""
        below = self.names.within(code)[1:]
        return " › ".join(self.grid(each) for each in below) or self.grid(code)

    def matter(self, code: str) -> str:
        return self._said(self.names.matters.get(code), code)

    def condition(self, matter: str, code: str) -> str:
        return self._said(self.names.conditions.get((matter, code)), code)

    def department(self, code: str) -> str:
        return self._said(self.names.departments.get(code.removeprefix("department:")), code)

    def _said(self, named: Named | None, code: str) -> str:
        return named[self.language] if named else code


def names_of(
    grids: Iterable[Mapping[str, Any]],
    standards: Iterable[Mapping[str, Any]],
    departments: Iterable[Mapping[str, Any]],
) -> Names:
    """From the registry's rows."""
    matters = [matter for standard in standards for matter in standard["matters"]]
    return Names(
        {g["grid"]: Grid(g["grid"], g["level"], g["parent"], tuple(g["path"]), g["name"])
         for g in grids},
        {m["code"]: m["name"] for m in matters},
        {(m["code"], c["code"]): c["name"] for m in matters for c in m["conditions"]},
        {d["department"]: d["name"] for d in departments if d["name"]},
    )  # fmt: skip
