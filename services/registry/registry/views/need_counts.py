"""How many households of each grid have a need, counted from the vault when it is asked.

No counter is kept: one per kind and grid would be personal data beside the vault wherever it is
small, would have to be destroyed with each household's key, and could drift. So the needs (not
how a household is found) are opened, counted in memory, and that is written to the audit trail.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import orjson

from registry.adapters.household_vault import HouseholdVault
from registry.domain.households import Household
from registry.views.households import every
from service_kit import clock
from service_kit.auth import Principal
from service_kit.mongo import Database
from service_kit.vault import audit

STATISTICS = "statistics"


async def count_needs(
    database: Database, vault: HouseholdVault, caller: Principal, root: str, grids: Iterable[str]
) -> dict[str, Counter[str]]:
    """Kind to the households that have it now, by grid; a household counts once for a kind."""
    now, wanted = clock.now(), set(grids)
    homes = [h for h in await every(database) if h.open(now) and h.grid in wanted]
    await audit.note_many(
        database, caller, STATISTICS, [f"grid:{root}"], STATISTICS, entries=len(homes)
    )
    return await asyncio.to_thread(_counted, homes, await vault.all_needs(), now)


def _counted(
    homes: Iterable[Household], kept: Mapping[str, bytes], now: datetime
) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for home in homes:
        standing = [kept[need] for need in home.standing(now) if need in kept]
        for kind in {orjson.loads(need)["kind"] for need in standing}:
            counts[kind][home.grid or ""] += 1
    return counts
