"""The vault on a real store: two processes at once, repetitions, erasure, rotation."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from intake.adapters.entry import Entry
from intake.adapters.vault import Vault
from service_kit import clock
from service_kit.errors import Erased, NotFound
from service_kit.mongo import Database, connect
from service_kit.mongo import database as named
from service_kit.vault import KeyRing, UnknownKey, open_secret, rotate

OLDEST = os.urandom(32)
RING = KeyRing({"k1": OLDEST})
REPORT = "report:1"
KEYS = ("vault", "vault_keys")


@pytest.fixture
async def db(mongo_url: str, database: str) -> AsyncIterator[Database]:
    client = connect(mongo_url)
    yield named(client, database)
    client.close()


@pytest.fixture
async def vault(db: Database) -> AsyncIterator[Vault]:
    opened = Vault(RING)
    await opened.open(db)
    running = asyncio.create_task(opened.run())
    yield opened
    running.cancel()


async def test_processes_that_start_at_once_share_one_secret(db: Database) -> None:
    secrets = await asyncio.gather(*(open_secret(db, RING) for _ in range(8)))

    assert len(set(secrets)) == 1
    assert secrets[0] not in str(await db["vault_meta"].find({}).to_list(None)).encode()


async def test_a_start_without_the_right_master_key_is_refused(db: Database) -> None:
    await open_secret(db, RING)

    with pytest.raises(UnknownKey, match="k1: add it to CIVICGRID_VAULT_KEYS"):
        await open_secret(db, KeyRing({"k9": os.urandom(32)}))


async def test_what_was_said_first_stays_and_erased_stays_erased(
    vault: Vault, db: Database
) -> None:
    await vault.put(REPORT, Entry(text="words"))
    await vault.put(REPORT, Entry(text="other words"))
    assert (await vault.report(REPORT)).text == "words"

    assert await vault.erase(vault.references.case(REPORT), clock.now())
    await vault.put(REPORT, Entry(text="words"))
    with pytest.raises(Erased):
        await vault.report(REPORT)
    [row] = await db["vault"].find({}).to_list(None)
    assert (row["sealed"], row["wrapped"], row["kid"]) == (None, None, None)


async def test_many_at_once_and_the_same_among_them(vault: Vault, db: Database) -> None:
    puts = [vault.put(f"report:{i % 40}", Entry(text=str(i))) for i in range(80)]
    await asyncio.gather(*puts)

    texts = [(await vault.report(f"report:{i}")).text for i in range(40)]
    assert texts == [str(i) for i in range(40)]
    assert await db["vault"].count_documents({}) == 40


async def test_each_report_has_a_key_and_an_end_of_its_own(vault: Vault) -> None:
    for report, text in ((REPORT, "one"), ("report:2", "two")):
        await vault.put(report, Entry(text=text))

    both = await vault.reports(["report:2", REPORT])
    assert [entry.text for entry in both] == ["two", "one"]
    assert await vault.erase(vault.references.case(REPORT), clock.now())
    assert await vault.erase(vault.references.case(REPORT), clock.now())
    assert [entry.text for entry in await vault.reports([REPORT, "report:2"])] == ["two"]
    assert await vault.erase(vault.references.case("report:2"), clock.now())
    for asked in (vault.report(REPORT), vault.reports([REPORT, "report:2"])):
        with pytest.raises(Erased):
            await asked


async def test_what_never_was_is_not_called_erased(vault: Vault) -> None:
    with pytest.raises(NotFound):
        await vault.report(REPORT)
    assert not await vault.erase(vault.references.case(REPORT), clock.now())


async def test_rotation_wraps_every_key_but_the_erased_ones_once(
    vault: Vault, db: Database
) -> None:
    for i in range(5):
        await vault.put(f"report:{i}", Entry(text=str(i)))
    await vault.erase(vault.references.case("report:0"), clock.now())
    newer = KeyRing({"k2": os.urandom(32), "k1": OLDEST})

    assert await rotate(db, newer, KEYS) == 4
    assert await rotate(db, newer, KEYS) == 0
    kids = [row["kid"] for row in await db["vault"].find({}).to_list(None)]
    assert sorted(kids, key=str) == [None, "k2", "k2", "k2", "k2"]
    vault.keyring = newer
    assert (await vault.report("report:4")).text == "4"
