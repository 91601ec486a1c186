"""However many come at once, a report has no more evidence than it may."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from intake.adapters.evidence.rows import Row, Rows, Slots
from intake.domain.evidence.errors import EvidenceFull
from service_kit import clock
from service_kit.mongo import connect
from service_kit.mongo import database as database_of

SLOTS = Slots(prefix="report:1", most=10)


@pytest.fixture
async def rows(mongo_url: str, database: str) -> AsyncIterator[Rows]:
    client = connect(mongo_url)
    found = Rows(database_of(client, database))
    await found.create_indexes()
    yield found
    client.close()


def row(number: int) -> Row:
    return Row(
        evidence=f"evidence:{number}", key="case:1", slot="", case=None, kind="photo",
        digest=str(number), fingerprint=None, copies={}, sealed=b"", at=clock.now(),
    )  # fmt: skip


async def test_of_twelve_at_once_ten_get_in(rows: Rows) -> None:
    asked = (rows.insert(row(number), SLOTS) for number in range(12))

    answers = await asyncio.gather(*asked, return_exceptions=True)

    kept = [answer for answer in answers if isinstance(answer, Row)]
    assert {each.slot for each in kept} == set(SLOTS.names())
    assert [type(a) for a in answers if not isinstance(a, Row)] == [EvidenceFull] * 2


async def test_the_same_one_at_once_is_one(rows: Rows) -> None:
    answers = await asyncio.gather(*(rows.insert(row(1), SLOTS) for _ in range(5)))

    assert len({answer.slot for answer in answers}) == 1
    assert len(await rows.of_key("case:1")) == 1


async def test_what_is_emptied_gives_its_place_to_another(rows: Rows) -> None:
    kept = [await rows.insert(row(number), SLOTS) for number in range(10)]

    await rows.empty(kept[3])

    assert (await rows.insert(row(10), SLOTS)).slot == kept[3].slot
    assert [seen.evidence for seen in await rows.alike(row(3))] == []
    with pytest.raises(EvidenceFull):
        await rows.free_slot(SLOTS)
