"""The composition root of the gateway."""

from typing import Any

from fastapi import FastAPI

from gateway import door
from gateway.adapters.lines import Lines
from gateway.adapters.log_rows import create_indexes
from gateway.api import departments, evidence, items
from gateway.domain.charters import World
from gateway.settings import GatewaySettings
from gateway.subscriptions import SUBSCRIPTIONS
from service_kit.app import create_app
from service_kit.charters import build_charters
from service_kit.runtime import Edges, Parts


def parts(settings: GatewaySettings, lines: Lines | None = None) -> Parts:
    """Everything that the gateway consists of; ``lines`` replaces departments' brokers."""
    extras: dict[str, Any] = {"lines": lines} if lines is not None else {}
    return Parts(
        name="gateway",
        settings=settings,
        aggregates=[],
        subscriptions=SUBSCRIPTIONS,
        routers=[departments.router, evidence.router, items.router],
        caches={"charters": ("mirror_charter", build_charters)},
        make_world=World,
        background=[door.run],
        details=door.details,
        prepare=create_indexes,
        larger_bodies={"/departments/*/tasks/*/evidence": settings.evidence_bytes},
        peer_scopes="commits.read vault.read evidence.read evidence.write",
        extras=extras,
    )


def build(
    settings: GatewaySettings, edges: Edges | None = None, lines: Lines | None = None
) -> FastAPI:
    return create_app(parts(settings, lines), edges)
