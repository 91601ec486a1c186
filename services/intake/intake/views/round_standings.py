"""How the targets of rounds stand now, from the visits of the present period."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from case_contracts.events.intake import RoundPlanned
from intake.domain.round_due import Standing, Target, Visited, period_of, standing
from intake.domain.round_targets import targets
from intake.domain.visit_field import Field
from intake.views import visits
from service_kit.grids import GridIndex
from service_kit.mongo import Database

Wanted = Callable[[Target], bool]


async def standings(
    database: Database, plan: RoundPlanned, at: datetime, zone: ZoneInfo, found: Sequence[Target]
) -> list[Standing]:
    """Of these targets those of which the round asks something in the period of ``at``."""
    if not found:
        return []
    period = period_of(plan, at, zone)
    by_target: dict[str, list[Visited]] = defaultdict(list)
    for visit in await visits.visited(database, plan.each, (t.id for t in found), period):
        by_target[visit.target].append(visit)
    asked = (standing(plan, target, by_target[target.id], period) for target in found)
    return [each for each in asked if each is not None]


def wanted_targets(
    plan: RoundPlanned, at: datetime, field: Field, grids: GridIndex, wanted: Wanted
) -> list[Target]:
    """The round's targets that are wanted, by id; none outside the time of the plan."""
    if not plan.valid_from <= at or (plan.valid_to is not None and plan.valid_to <= at):
        return []
    return [target for target in targets(plan, at, field, grids) if wanted(target)]
