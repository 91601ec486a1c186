"""Whether a report opens a case, and what with: the one rule that files reports."""

from dataclasses import dataclass
from datetime import datetime

from case_contracts.events.intake import Filing, Rejection
from case_contracts.events.registry import StandardMatter
from case_contracts.values import Point
from intake.domain.world import World


@dataclass(frozen=True)
class Claim:
    """What matters for filing: the matter and condition said, the exact place, the time."""

    matter: str
    condition: str | None
    point: Point | None
    reported_at: datetime


def file_claim(claim: Claim, world: World) -> Filing | Rejection:
    """The filing, or why there is none; raises DistrictNotLoaded while it cannot be said.

    The grid is the one valid at the report's time; on a border the first in rank. Without a
    place it is the district's root, for a person to place. The standard's version in force at
    the report's time is pinned; history older than the first version has that one.
    """
    standard, root = world.standard_at(claim.reported_at), world.root_at(claim.reported_at)
    grid, path = root.grid, root.path
    if claim.point is not None:
        hits = world.grids.at(claim.point.lon, claim.point.lat, claim.reported_at)
        if not hits:
            return Rejection.OUTSIDE_DISTRICT
        grid, path = hits[0].grid, hits[0].path
    matter = standard.matters.get(claim.matter)
    if matter is None:
        return Rejection.NOT_IN_STANDARD
    condition = condition_of(matter, claim.condition)
    if isinstance(condition, Rejection):
        return condition
    return Filing(
        grid=grid,
        grid_path=path,
        located=claim.point is not None,
        matter_class=matter.matter_class,
        condition=condition,
        standard=standard.version,
    )


def condition_of(matter: StandardMatter, said: str | None) -> str | Rejection:
    """The condition under which the case is filed: the one said, the default, or the only one."""
    codes = [condition.code for condition in matter.conditions]
    if said is not None:
        return said if said in codes else Rejection.CONDITION_NOT_IN_STANDARD
    if matter.default_condition is not None:
        return matter.default_condition
    return codes[0] if len(codes) == 1 else Rejection.CONDITION_NEEDED
