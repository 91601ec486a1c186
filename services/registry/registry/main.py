"""The registry, wired: the only place that knows all its parts."""

from typing import Any

from fastapi import FastAPI

from registry.api import audit, charters, districts, grids, postings, rules
from registry.commands.publish import Publish, publish
from registry.commands.revoke_charter import RevokeCharter, revoke_charter
from registry.domain.aggregate import Decide, RegistryAggregate
from registry.domain.kinds import KINDS
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from registry.views.records import prepare
from service_kit.app import create_app
from service_kit.runtime import Edges, Parts


def parts(settings: RegistrySettings) -> Parts:
    """What makes this service the registry."""
    decisions: dict[type[Any], Decide] = {Publish: publish, RevokeCharter: revoke_charter}
    routes = (districts, grids, charters, rules, postings, audit)
    return Parts(
        name="registry",
        settings=settings,
        aggregates=[RegistryAggregate(kind, decisions) for kind in KINDS.values()],
        subscriptions=SUBSCRIPTIONS,
        routers=[module.router for module in routes],
        prepare=prepare,
        larger_bodies={"/districts": settings.district_bytes},
        extras=districts.extras() | grids.extras(),
    )


def build(settings: RegistrySettings, edges: Edges | None = None) -> FastAPI:
    """The service as an ASGI app; ``edges`` replace the broker in tests."""
    return create_app(parts(settings), edges)
