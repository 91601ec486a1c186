"""Intake on the twin of the bus and a real store, with a small district loaded."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from case_contracts.events.intake import DuplicateRule
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from service_kit import clock
from tests.support import small_district
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running

NO_RATES = dict.fromkeys(("rate_address", "rate_token", "rate_failures"), "off")
"""Tests have one address, and some of them much to ask."""


@pytest.fixture
def settings(mongo_url: str, database: str, issuer: TestIssuer) -> dict[str, Any]:
    return {
        "district": DISTRICT,
        "amqp_url": "amqp://unused",
        "mongo_url": mongo_url,
        "database": database,
        "jwks_url": issuer.jwks_url,
        "issuer": issuer.name,
        "vault_keys": vault_key("k1"),
        **NO_RATES,
    }


@pytest.fixture
def duplicates() -> tuple[DuplicateRule, ...]:
    """No report is beside another's case here, however often it is sent: those of links/ are."""
    return ()


@pytest.fixture(autouse=True)
def _rules(duplicates: tuple[DuplicateRule, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.domain.rules.DEFAULT_DUPLICATES", duplicates)


@pytest.fixture
async def empty(settings: dict[str, Any]) -> AsyncIterator[Twin]:
    """Intake before the registry has published anything."""
    found = IntakeSettings(**settings)
    async with running("intake", lambda edges: build(found, edges), SUBSCRIPTIONS) as twin:
        yield twin


@pytest.fixture
async def intake(empty: Twin) -> Twin:
    """Intake with the small district."""
    await load(empty)
    return empty


async def load(twin: Twin) -> None:
    await twin.say_all(small_district.published())
    await eventually(lambda: knows_all(twin))


async def knows_all(twin: Twin) -> bool:
    """Mirrors of different nouns are written side by side, in no order."""
    world, now = await twin.runtime.load_world(), clock.now()
    grids = [each.grid for each in small_district.GRIDS]
    return (
        world.district is not None
        and world.standards.at("lanhe", now) is not None
        and all(world.grids.known(grid, now) for grid in grids)
    )


@pytest.fixture
def staff(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000123", "reports.staff reports.read", "intake")


@pytest.fixture
def historian(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer("p-000009", "history.import", "intake")


@pytest.fixture
def service(issuer: TestIssuer) -> dict[str, str]:
    return issuer.bearer(
        "service:gateway", "vault.read vault.erase commits.read", "intake", "service"
    )
