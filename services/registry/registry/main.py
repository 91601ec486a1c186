"""The registry, wired: the only place that knows all its parts."""

from typing import Any

from fastapi import FastAPI

from registry.adapters.plans import Plans
from registry.api import audit, charters, districts, grids, postings, rules
from registry.background import resume
from registry.commands.change import Changes
from registry.commands.say import Say, say
from registry.domain.aggregate import Decide, RegistryAggregate
from registry.domain.kinds import KINDS
from registry.domain.ledger import Ledger
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from registry.views import records
from registry.views.known import Known
from service_kit.app import create_app
from service_kit.runtime import Edges, Parts, Runtime


def parts(settings: RegistrySettings) -> Parts:
    """What makes this service the registry."""
    decisions: dict[type[Any], Decide] = {Say: say}
    routes = (districts, grids, charters, rules, postings, audit)
    return Parts(
        name="registry",
        settings=settings,
        aggregates=[
            *(RegistryAggregate(kind, decisions) for kind in KINDS.values()),
            Ledger(),
        ],
        subscriptions=SUBSCRIPTIONS,
        routers=[module.router for module in routes],
        background=[resume],
        prepare=records.prepare,
        assemble=_assemble,
        larger_bodies={"/districts": settings.district_bytes},
        extras=grids.extras(),
    )


async def _assemble(runtime: Runtime) -> None:
    plans = Plans(runtime.database)
    await plans.prepare()
    runtime.extras["known"] = Known(runtime.database)
    runtime.extras["changes"] = Changes(runtime.committer, plans, runtime.settings.district)


def build(settings: RegistrySettings, edges: Edges | None = None) -> FastAPI:
    """The service as an ASGI app; ``edges`` replace the broker in tests."""
    return create_app(parts(settings), edges)
