"""A loaded district, who proposes charter entries and who approves them."""

import pytest

from tests.integration.registry.chartering.asked import People
from tests.integration.registry.test_loading import Headers, load
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin
from tests.unit.registry.small import edited


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    files = edited("district.yaml", "2026-01-01", "2020-01-01")
    assert (await load(registry, writer, files)).status_code == 200
    return registry


@pytest.fixture
def approver(issuer: TestIssuer) -> People:
    return lambda person: issuer.bearer(person, "registry.read registry.approve", "registry")


@pytest.fixture
def proposer(issuer: TestIssuer) -> Headers:
    return issuer.bearer("p-10", "registry.read registry.propose", "registry", department="roads")
