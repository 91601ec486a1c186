"""The registry, wired: the only place that knows all its parts."""

from functools import partial
from typing import Any

from fastapi import FastAPI

from registry.adapters.household_vault import HouseholdVault
from registry.adapters.plans import Plans
from registry.api import (
    audit,
    changes,
    chartering,
    charters,
    departments,
    districts,
    findings,
    geojson,
    grids,
    household_map,
    households,
    people,
    proofs,
    ruled,
    rules,
    territory,
)
from registry.background import end_consents, resume, rotate_keys, take_up_rulings
from registry.commands.change import Changes
from registry.commands.households import HouseholdRegister
from registry.commands.say import Say, say
from registry.domain.aggregate import Decide, RegistryAggregate
from registry.domain.households import Households
from registry.domain.kinds import KINDS
from registry.domain.ledger import Ledger
from registry.domain.people.handing_over import HANDOVER
from registry.domain.validation.ground import Checks
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from registry.views import households as registered
from registry.views import open_work, rulings
from registry.views import people as of_people
from registry.views.known import Known
from service_kit.app import create_app
from service_kit.mongo import Database
from service_kit.runtime import Edges, Parts, Runtime

LARGE = ("/districts", "/postings/csv", "/grids/import", "/grids/redraw")
"""What takes a body as large as a district, and as long as that needs."""
FILE_BYTES = 8 * 1024 * 1024
"""Of a standard that is sent as a file."""


def parts(settings: RegistrySettings) -> Parts:
    """What makes this service the registry."""
    decisions: dict[type[Any], Decide] = {Say: say}
    routes = (
        districts,
        geojson,
        findings,
        territory,
        household_map,
        grids,
        ruled,  # before charters, whose ids may be paths
        charters,
        chartering,
        departments,
        rules,
        people,
        audit,
        proofs,
        changes,
        households,
    )
    return Parts(
        name="registry",
        settings=settings,
        aggregates=[
            *(RegistryAggregate(kind, decisions) for kind in KINDS.values()),
            RegistryAggregate(HANDOVER, decisions),
            Ledger(),
            Households(),
        ],
        subscriptions=SUBSCRIPTIONS,
        routers=[module.router for module in routes],
        background=[resume, take_up_rulings, end_consents, rotate_keys],
        prepare=_prepare,
        assemble=partial(_assemble, settings),
        larger_bodies=dict.fromkeys(LARGE, settings.district_bytes) | {"/standards": FILE_BYTES},
        extras=grids.extras() | {"checks": Checks(gcj02=settings.gcj02_check)},
    )


async def _prepare(database: Database) -> None:
    await of_people.prepare(database)
    await open_work.prepare(database)
    await rulings.prepare(database)
    await registered.prepare(database)


async def _assemble(settings: RegistrySettings, runtime: Runtime) -> None:
    vault = HouseholdVault(settings.keyring())
    await vault.open(runtime.database)
    runtime.extras["households"] = HouseholdRegister(
        runtime.committer, vault, settings.consent_days
    )
    plans = Plans(runtime.database)
    await plans.prepare()
    runtime.extras["known"] = Known(runtime.database)
    runtime.extras["changes"] = Changes(runtime.committer, plans, runtime.settings.district)


def build(settings: RegistrySettings, edges: Edges | None = None) -> FastAPI:
    """The service as an ASGI app; ``edges`` replace the broker in tests."""
    return create_app(parts(settings), edges)
