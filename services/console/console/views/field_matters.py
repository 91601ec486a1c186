"""What a field worker can report, on one page: every matter with its conditions."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from console.domain.draft import OTHER
from console.domain.names import Names
from console.domain.services import Service
from service_kit.language import Language

BETWEEN = "|"
"""Between matter and condition in the form's one field."""


@dataclass(frozen=True)
class Choice:
    """A condition; ``value`` is the form's."""

    value: str
    name: str


@dataclass(frozen=True)
class Tile:
    """A matter; ``words`` is what a search looks in."""

    service: Service
    choices: tuple[Choice, ...]

    @property
    def words(self) -> str:
        own = self.service
        said = " ".join(each.name for each in self.choices)
        return f"{own.name} {own.description} {own.keywords} {own.group} {said}"


@dataclass(frozen=True)
class Group:
    """Matters of one class, under its name."""

    name: str
    tiles: list[Tile] = field(default_factory=list)


def groups(services: Iterable[Service], names: Names, language: Language) -> list[Group]:
    """In the standard's order; a matter without conditions is its own only choice. What no matter
    fits is left to a reviewer, by the words."""
    found: dict[str, Group] = {}
    for service in services:
        matter = service.code.replace("_", "/")
        conditions = [
            Choice(f"{matter}{BETWEEN}{code}", name[language])
            for (of, code), name in names.conditions.items()
            if of == matter
        ]
        own = (Choice(matter + BETWEEN, service.name),)
        group = found.setdefault(service.group, Group(service.group))
        group.tiles.append(Tile(service, tuple(conditions) or own))
    return list(found.values())


def split(what: str) -> dict[str, str]:
    """The form's field, as intake is told the matter and its condition."""
    matter, _, condition = what.partition(BETWEEN)
    said = {"matter": matter, "condition": condition}
    return {name: code for name, code in said.items() if code and matter != OTHER}
