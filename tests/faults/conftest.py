"""A world of echo services on the run's broker and store."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from civicgrid.local import EmbeddedStore
from service_kit.mongo import Database, connect
from service_kit.mongo import database as named
from tests.faults.dispatch_processes import dispatch_processes
from tests.faults.intake_processes import intake_processes
from tests.faults.replicas import Replicas
from tests.faults.world import World, opened
from tests.support.infra import Vhost
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer


@pytest.fixture
async def world(
    vhost: Vhost, mongo_url: str, database: str, tmp_path: Path
) -> AsyncIterator[World]:
    """On the shared broker and store, which no test may harm."""
    urls = (vhost.url, mongo_url)
    async with opened(World(*urls, *urls, database, tmp_path)) as found:
        yield found


@pytest.fixture
async def processes(
    vhost: Vhost, own_store: EmbeddedStore, database: str, issuer: TestIssuer, tmp_path: Path
) -> AsyncIterator[Replicas]:
    """Intake as processes of their own; none runs yet. Their store is thrown away as a whole: the
    embedded one takes minutes to drop what they have written, and answers nobody meanwhile."""
    key = vault_key("k1")
    async with intake_processes(vhost, own_store.url, database, issuer, key, tmp_path) as found:
        yield found


@pytest.fixture
async def dispatching(
    vhost: Vhost, own_store: EmbeddedStore, database: str, issuer: TestIssuer, tmp_path: Path
) -> AsyncIterator[Replicas]:
    """Dispatch as processes of their own; none runs yet."""
    urls = (vhost.url, own_store.url)
    async with dispatch_processes(*urls, database, issuer, vault_key("k1"), tmp_path) as found:
        yield found


@pytest.fixture
def stored(own_store: EmbeddedStore, database: str) -> Database:
    """The database of ``processes``, or of ``dispatching``. Patient: while the embedded store
    works through what a test has sent it, it answers nobody, not even whether it lives; and a
    driver that hears nothing for its time-out gives up the read that is under way."""
    return named(connect(own_store.url, timeout_seconds=60), database)
