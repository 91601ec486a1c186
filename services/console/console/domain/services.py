"""What can be reported: the matters of the standard in force, as Open311 offers them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from console.domain.draft import OTHER


@dataclass(frozen=True)
class Service:
    """A matter, by the code it is reported under. ``asks``: its condition can be said too."""

    code: str
    name: str
    description: str
    group: str
    keywords: str
    asks: bool

    def fits(self, words: str) -> bool:
        """Whether every word that somebody looks for stands in it."""
        own = f"{self.name} {self.description} {self.keywords} {self.group}".casefold()
        return all(word in own for word in words.casefold().split())


@dataclass(frozen=True)
class Group:
    """Matters of one class, under its name."""

    name: str
    services: list[Service] = field(default_factory=list)


@dataclass(frozen=True)
class Condition:
    code: str
    name: str


@dataclass(frozen=True)
class Definition:
    """What is asked beside the matter: its conditions; and the time limits, in words."""

    conditions: tuple[Condition, ...] = ()
    limits: str | None = None


def picture(code: str, drawn: Collection[str]) -> str:
    """The name of a matter's picture among those ``drawn``: its own where there is one, else that
    of its category, else of its class (``part_roads_pavement``, ``part_roads``, ``part``)."""
    parts = code.split("_")
    names = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in names if name in drawn), OTHER)


def grouped(services: Iterable[Service], words: str = "") -> list[Group]:
    """Those that fit, in the standard's order."""
    groups: dict[str, Group] = {}
    for service in services:
        if service.fits(words):
            group = groups.setdefault(service.group, Group(service.group))
            group.services.append(service)
    return list(groups.values())
