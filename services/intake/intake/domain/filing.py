"""Whether a report opens a case, and what with: the one rule that files reports."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import Filing, Rejection, Unclear
from case_contracts.events.registry import StandardMatter
from case_contracts.values import Point
from intake.domain.world import World
from service_kit.errors import Invalid

Verdict = Filing | Rejection | Unclear


@dataclass(frozen=True)
class Claim:
    """What matters for filing: the matter and condition said (an empty matter where none was),
    the exact place, the time. ``grid`` is where a reviewer has placed it; the point goes first."""

    matter: str
    condition: str | None
    point: Point | None
    reported_at: datetime
    grid: str | None = None


def file_claim(claim: Claim, world: World) -> Verdict:
    """The filing; why there is none (Rejection); or what only a reviewer can say (Unclear).

    Raises DistrictNotLoaded while it cannot be said. The grid is the one valid at the report's
    time; on a border the first in rank. Without a place it is the district's root, for a person
    to place. The standard's version in force at the report's time is pinned; history older than
    the first version has that one.
    """
    standard = world.standard_at(claim.reported_at)
    place = _place(claim, world)
    if place is None:
        return Rejection.OUTSIDE_DISTRICT
    if not claim.matter:
        return Unclear.MATTER_NOT_SAID
    matter = standard.matters.get(claim.matter)
    if matter is None:
        return Rejection.NOT_IN_STANDARD
    condition = condition_of(matter, claim.condition)
    if isinstance(condition, Rejection | Unclear):
        return condition
    grid, path = place
    return Filing(
        grid=grid,
        grid_path=path,
        located=claim.point is not None or claim.grid is not None,
        matter_class=matter.matter_class,
        condition=condition,
        standard=standard.version,
    )


def _place(claim: Claim, world: World) -> tuple[str, tuple[str, ...]] | None:
    """The grid with those above it; None outside the district. Raises Invalid ``unknown_grid``."""
    at = claim.reported_at
    root = world.root_at(at)
    if claim.point is not None:
        hits = world.grids.at(claim.point.lon, claim.point.lat, at)
        return (hits[0].grid, hits[0].path) if hits else None
    if claim.grid is None:
        return root.grid, root.path
    if not world.grids.known(claim.grid, at):
        raise Invalid(f"there was no grid {claim.grid} at the report's time", code="unknown_grid")
    return claim.grid, world.grids.published(claim.grid, at).path


def condition_of(matter: StandardMatter, said: str | None) -> str | Rejection | Unclear:
    """The condition under which the case is filed: the one said, the default, or the only one."""
    codes = [condition.code for condition in matter.conditions]
    if said is not None:
        return said if said in codes else Rejection.CONDITION_NOT_IN_STANDARD
    if matter.default_condition is not None:
        return matter.default_condition
    return codes[0] if len(codes) == 1 else Unclear.CONDITION_NOT_SAID
