"""Work that must not be committed before something else is stored."""

import asyncio

import pytest

from service_kit.mongo import Database
from tests.support import stored
from tests.support.counter import Add
from tests.support.store_node import node


async def test_it_is_committed_once_that_is_stored(db: Database) -> None:
    kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    async with node(db) as one:
        asked = asyncio.create_task(one.submit(Add("a"), "cause", after=kept))
        await asyncio.sleep(0.2)
        assert await db["commits"].count_documents({}) == 0
        kept.set_result(None)
        await asked
        assert await one.inputs() == ["a"]


async def test_where_that_fails_nothing_is_committed_and_others_go_on(db: Database) -> None:
    failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    failed.set_exception(OSError("the vault is away"))
    async with node(db) as one:
        other = asyncio.create_task(one.submit(Add("b"), "cause-b", "2"))
        with pytest.raises(OSError, match="vault"):
            await one.submit(Add("a"), "cause-a", after=failed)
        await other
        assert await stored.ids(db) == ["counter:2:1"]
