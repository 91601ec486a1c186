"""One suite over every media store: in memory, GridFS on the store in use, S3 over the wire."""

import os
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from intake.adapters.evidence.stores.chosen import store as chosen
from intake.adapters.evidence.stores.memory import MemoryStore
from intake.adapters.evidence.stores.port import MediaStore, Missing
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from service_kit.mongo import connect
from service_kit.mongo import database as database_of
from tests.integration.intake.conftest import load
from tests.integration.intake.evidence.conftest import media_of, photo, report
from tests.support.s3 import S3, s3_server
from tests.support.twin import running

STORES = ["memory", "gridfs", "s3"]
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def s3() -> Iterator[S3]:
    with s3_server() as found:
        yield found


@pytest.fixture(params=STORES)
async def media(
    request: pytest.FixtureRequest, mongo_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[MediaStore]:
    if request.param == "memory":
        yield MemoryStore()
        return
    client = connect(mongo_url)
    setting = "gridfs"
    if request.param == "s3":
        server: S3 = request.getfixturevalue("s3")
        setting = server.address
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
    yield chosen(setting, database_of(client, database))
    client.close()


async def read(media: MediaStore, name: str) -> bytes:
    return b"".join([piece async for piece in media.open(name)])


def pieces(content: bytes, size: int = 300_000) -> Iterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.mark.parametrize("size", [1, 255 * 1024, 300_000, 6 * MIB + 1], ids=str)
async def test_what_is_put_comes_back(media: MediaStore, size: int) -> None:
    content = os.urandom(size)

    await media.put("a" * 32, pieces(content))

    assert await read(media, "a" * 32) == content


async def test_it_comes_in_pieces(media: MediaStore) -> None:
    await media.put("b" * 32, pieces(os.urandom(6 * MIB)))

    sizes = [len(piece) async for piece in media.open("b" * 32)]

    assert sum(sizes) == 6 * MIB
    assert max(sizes) <= MIB


async def test_what_was_never_put_is_missing(media: MediaStore) -> None:
    with pytest.raises(Missing):
        await read(media, "c" * 32)


async def test_what_is_deleted_is_missing_and_can_be_deleted_again(media: MediaStore) -> None:
    await media.put("d" * 32, [b"one"])
    await media.put("e" * 32, [b"two"])

    await media.delete("d" * 32)
    await media.delete("d" * 32)

    with pytest.raises(Missing):
        await read(media, "d" * 32)
    assert await read(media, "e" * 32) == b"two"


async def test_what_breaks_off_cannot_be_opened(media: MediaStore) -> None:
    def breaking() -> Iterator[bytes]:
        yield os.urandom(7 * MIB)
        raise OSError("the sender is gone")

    with pytest.raises(OSError, match="the sender is gone"):
        await media.put("f" * 32, breaking())

    with pytest.raises(Missing):
        await read(media, "f" * 32)
    await media.delete("f" * 32)


async def test_intake_keeps_evidence_in_s3_by_setting(
    s3: S3, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    found = IntakeSettings(**settings, evidence_store=s3.address)
    async with running("intake", lambda edges: build(found, edges), SUBSCRIPTIONS) as twin:
        await load(twin)
        reported = await report(twin)

        evidence = (await reported.send(photo())).json()["evidence"]
        shown = await twin.http.get((await reported.link(evidence)).json()["url"])

        assert shown.content[:3] == b"\xff\xd8\xff"
        assert "media.files" not in await twin.runtime.database.list_collection_names()
        row = await media_of(twin).rows.find(evidence)
        assert row is not None
        stored = await read(chosen(s3.address, twin.runtime.database), row.copies["public"].name)
        assert len(stored) > len(shown.content)
        assert shown.content[:100] not in stored
