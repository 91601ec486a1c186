"""A fresh database with our codec and write concern."""

from collections.abc import AsyncIterator

import pytest

from service_kit.mongo import Database, connect
from service_kit.mongo import database as open_database


@pytest.fixture
async def db(mongo_url: str, database: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield open_database(client, database)
    client.close()
