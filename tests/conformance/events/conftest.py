"""A service with all three kinds of subscription, on the bus twin and a real store."""

from collections.abc import AsyncIterator

import pytest

from service_kit.mongo import Database, connect
from service_kit.mongo import database as open_database
from tests.conformance.events.listening import Listening, listening


@pytest.fixture
async def db(mongo_url: str, database: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield open_database(client, database)
    client.close()


@pytest.fixture
async def service(db: Database) -> AsyncIterator[Listening]:
    async with listening(db) as found:
        yield found
