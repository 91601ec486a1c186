"""Statements: sealed words on cases, under a key per case that can be destroyed."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from dispatch.adapters.statements import MOST, Statements
from service_kit.errors import Erased, Invalid, NotFound
from service_kit.mongo import Client, Database, connect
from service_kit.mongo import database as opened
from service_kit.vault import KeyRing, rotate
from tests.support.keys import vault_key

WORDS = "井盖在桥那边，不归我们管"


@pytest.fixture
async def dispatches(mongo_url: str, database: str) -> AsyncIterator[Database]:
    client: Client = connect(mongo_url)
    yield opened(client, database)
    client.close()


async def _statements(store: Database, keys: str) -> Statements:
    found = Statements(KeyRing.parse(keys))
    await found.open(store)
    return found


async def _kept(statements: Statements, case: str, words: str) -> str:
    kept = await statements.keep(case, "pause", words)
    assert kept is not None
    return kept


async def test_words_are_found_by_their_reference_alone_and_nowhere_in_clear(
    dispatches: Database,
) -> None:
    statements = await _statements(dispatches, vault_key("k1"))
    first = await statements.keep("case:1", "return", WORDS)
    again = await statements.keep("case:1", "return", WORDS)
    assert first is not None
    assert again is not None
    assert first != again
    assert await statements.read([first, "statement:unknown"]) == {first: WORDS}
    assert [(k.statement, k.kind) for k in await statements.of_case("case:1")] == [
        (first, "return"), (again, "return"),
    ]  # fmt: skip
    for name in await dispatches.list_collection_names():
        async for row in dispatches[name].find({}):
            assert WORDS.encode() not in _bytes(row)


async def test_destroying_a_cases_key_erases_its_statements_and_no_others(
    dispatches: Database,
) -> None:
    statements = await _statements(dispatches, vault_key("k1"))
    gone = [await _kept(statements, "case:1", text) for text in ("一", "二")]
    stays = await _kept(statements, "case:2", "三")
    await statements.erase("case:1")
    assert await statements.read([*gone, stays]) == {stays: "三"}
    with pytest.raises(Erased):
        await statements.keep("case:1", "pause", "四")
    with pytest.raises(NotFound):
        await statements.erase("case:3")


async def test_no_words_are_no_statement_and_too_many_are_refused(dispatches: Database) -> None:
    statements = await _statements(dispatches, vault_key("k1"))
    assert await statements.keep("case:1", "slip", None) is None
    assert await statements.keep("case:1", "slip", "字" * MOST)
    with pytest.raises(Invalid):
        await statements.keep("case:1", "slip", "字" * (MOST + 1))
    with pytest.raises(Invalid):
        await statements.keep("case:1", "slip", "")


async def test_statements_outlive_a_change_of_the_master_key(dispatches: Database) -> None:
    old, new = vault_key("k1"), vault_key("k2")
    kept = await _kept(await _statements(dispatches, old), "case:1", WORDS)
    await rotate(dispatches, KeyRing.parse(f"{new},{old}"))
    assert await (await _statements(dispatches, new)).read([kept]) == {kept: WORDS}


def _bytes(row: Any) -> bytes:
    return b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in row.values())
