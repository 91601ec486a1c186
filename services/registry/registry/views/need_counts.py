"""How many households of each grid have a need, counted from the vault when it is asked.

No counter is kept: one per kind and grid would be personal data beside the vault wherever it is
small, would have to be destroyed with each household's key, and could drift. So the needs (not
how a household is found) are opened, counted in memory, and that is written to the audit trail.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterable

import orjson

from registry.adapters.household_vault import HouseholdVault
from registry.views.households import of_grids
from service_kit import clock
from service_kit.auth import Principal
from service_kit.mongo import Database
from service_kit.vault import audit

STATISTICS = "statistics"


async def count_needs(
    database: Database, vault: HouseholdVault, caller: Principal, root: str, grids: Iterable[str]
) -> dict[str, Counter[str]]:
    """Kind to the households that have it now, by grid; a household counts once for a kind."""
    now = clock.now()
    homes = {e: h for e, h in (await of_grids(database, grids)).items() if h.open(now)}
    await audit.note_many(
        database, caller, STATISTICS, [f"grid:{root}"], STATISTICS, entries=len(homes)
    )
    kept = await vault.needs(need for h in homes.values() for need in h.standing(now))
    kinds = await asyncio.to_thread(lambda: {n: orjson.loads(c)["kind"] for n, c in kept.items()})
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for home in homes.values():
        for kind in {kinds[need] for need in home.standing(now) if need in kinds}:
            counts[kind][home.grid or ""] += 1
    return counts
