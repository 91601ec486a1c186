"""What intake knows of the district: its grids and standards over time, from mirrors."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from case_contracts.events.registry import (
    DistrictPublished,
    GridPublished,
    StandardMatter,
    StandardPublished,
)
from case_contracts.values import About, Versioned
from intake.domain.errors import DistrictNotLoaded
from intake.domain.policy import Policy
from intake.domain.rules import Rules
from service_kit.conflict import Conflict
from service_kit.grids import GridIndex
from service_kit.postings import Postings
from service_kit.ties import Paths, Portfolios, Secondments, Ties


@dataclass(frozen=True)
class Standard:
    """One version of the standard with its matters by code."""

    version: Versioned
    valid_from: datetime
    matters: dict[str, StandardMatter]


class Standards:
    """The versions of every standard. A later version prevails from its ``valid_from`` on, also
    over one that was to become valid after it."""

    def __init__(self, published: Iterable[StandardPublished]) -> None:
        self._versions: dict[str, list[Standard]] = {}
        for each in sorted(published, key=lambda s: (s.valid_from, s.version)):
            matters = {matter.code: matter for matter in each.matters}
            version = Versioned(id=each.standard, version=each.version)
            row = Standard(version, each.valid_from, matters)
            self._versions.setdefault(each.standard, []).append(row)

    def at(self, standard: str, when: datetime) -> Standard | None:
        """The version in force; the first one for a time before it; None when none is known."""
        versions = self._versions.get(standard, [])
        in_force = [v for v in versions if v.valid_from <= when]
        newest = max(in_force, key=lambda v: v.version.version, default=None)
        return newest or next(iter(versions), None)

    def pinned(self, version: Versioned) -> Standard | None:
        """Exactly this version; None while it has not arrived."""
        versions = self._versions.get(version.id, [])
        return next((each for each in versions if each.version == version), None)


def newest_district(published: Sequence[DistrictPublished]) -> DistrictPublished | None:
    """The district as published last."""
    return published[-1] if published else None


@dataclass(frozen=True)
class World:
    """An immutable snapshot of what the registry has published, as far as intake heard it."""

    district: DistrictPublished | None = None
    grids: GridIndex = field(default_factory=lambda: GridIndex.build([]))
    standards: Standards = field(default_factory=lambda: Standards([]))
    rules: Rules = field(default_factory=Rules)
    policy: Policy = field(default_factory=Policy)
    postings: Postings = field(default_factory=Postings)
    secondments: Secondments = field(default_factory=dict)
    portfolios: Portfolios = field(default_factory=dict)
    paths: Paths = field(default_factory=dict)

    def conflict(self, about: About | None, at: datetime) -> Conflict:
        """Who may have to do with what complains of ``about``, and who must not see it."""
        ties = Ties(self.postings, self.secondments, self.portfolios, self.paths)
        return Conflict(about, ties, at)

    def holder(self, desk: str, at: datetime) -> str:
        """The person in a post; the post itself where it is vacant or none of the registry's."""
        held = [s.data.person for s in self.postings.by_posting.get(desk, ()) if s.valid(at)]
        return held[0] if held else desk

    def loaded(self) -> DistrictPublished:
        """The district; raises DistrictNotLoaded while nothing can be filed in it."""
        if self.district is None:
            raise DistrictNotLoaded("no district has been published yet; load one and try again")
        return self.district

    def check(self, when: datetime) -> None:
        """Raises DistrictNotLoaded while a report of that time cannot be filed."""
        self.standard_at(when)
        self.root_at(when)

    def standard_at(self, when: datetime) -> Standard:
        """The standard in force; raises DistrictNotLoaded while it has not arrived."""
        district = self.loaded()
        found = self.standards.at(district.standard, when)
        if found is None:
            raise DistrictNotLoaded(f"standard {district.standard} has not arrived yet")
        return found

    def root_at(self, when: datetime) -> GridPublished:
        """The district's root grid; raises DistrictNotLoaded while it has not arrived.

        A root that is known but was not yet valid then (history) counts as valid.
        """
        root = self.loaded().root_grid
        for moment in (when, self.loaded().valid_from):
            if self.grids.known(root, moment):
                return self.grids.published(root, moment)
        raise DistrictNotLoaded(f"grid {root}, the district's root, has not arrived yet")
