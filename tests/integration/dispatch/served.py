"""Dispatch as a service on a real store, with the district that its tests know."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pydantic import SecretStr

from dispatch.main import build
from dispatch.settings import DispatchSettings
from dispatch.subscriptions import SUBSCRIPTIONS
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, running
from tests.unit.dispatch.district import registry_events


def settings_of(
    mongo_url: str, database: str, issuer: TestIssuer, **change: Any
) -> DispatchSettings:
    """``change`` are settings that differ from their defaults."""
    return DispatchSettings(
        district=DISTRICT,
        amqp_url=SecretStr("amqp://unused"),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
        **{"vault_keys": SecretStr(vault_key("k1")), **change},
    )


@asynccontextmanager
async def served(
    mongo_url: str, database: str, issuer: TestIssuer, **change: Any
) -> AsyncIterator[Twin]:
    """With the district; ``change`` as in ``settings_of``."""
    settings = settings_of(mongo_url, database, issuer, **change)
    async with running("dispatch", lambda edges: build(settings, edges), SUBSCRIPTIONS) as twin:
        await twin.say_all((subject_of(event), event) for event in registry_events())
        yield twin


def subject_of(event: Any) -> str:
    """The subject under which the registry publishes it."""
    kind = event.SPEC.aggregate
    value = str(getattr(event, kind))
    return value if value.startswith(f"{kind}:") else f"{kind}:{value}"
