"""Who changed what, when and why; and that nobody can change that afterwards unseen."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from case_bus.port import Outgoing, PublishError
from service_kit.mongo import Database
from service_kit.store.codec import digest
from tests.integration.registry.households.asked import get
from tests.integration.registry.test_loading import Headers, load
from tests.support import stored
from tests.support.twin import Twin, eventually
from tests.unit.registry.small import edited

WATER = "department:water"
Tamper = Callable[[Database], Awaitable[object]]


@pytest.fixture
async def changed(registry: Twin, writer: Headers) -> Twin:
    """Three loads; the water department is said three times."""
    names = ("Water", "Waters", "Water Affairs")
    for name in names:
        files = edited("district.yaml", "en: Water", f"en: {name}")
        assert (await load(registry, writer, files)).status_code == 200
    return registry


async def test_a_whole_chain_is_verified(changed: Twin, reader: Headers) -> None:
    for aggregate in (WATER, "grid:410101", "ledger:lanhe", "charter:roads"):
        proof = await get(changed, f"/proofs/{aggregate}", reader)
        assert (proof["verified"], proof["breaks_at"]) == (True, None), aggregate
    for aggregate in ("department:fire", "nothing:1", "{'$ne': ''}"):
        await get(changed, f"/proofs/{aggregate}", reader, 404)


async def _edited(database: Database) -> None:
    await stored.change(database, f"{WATER}:2", lambda d: d["actor"].update(id="somebody-else"))


async def _edited_with_its_hash(database: Database) -> None:
    """By somebody who knows how hashes are made."""
    await _edited(database)
    await stored.change(database, f"{WATER}:2", lambda d: d.update(hash=digest(d)))


async def _deleted(database: Database) -> None:
    await stored.remove(database, f"{WATER}:2")


async def _reordered(database: Database) -> None:
    two, three = [await stored.remove(database, f"{WATER}:{n}") for n in (2, 3)]
    forged = [
        {**three, "_id": two["_id"], "version": 2},
        {**two, "_id": three["_id"], "version": 3},
    ]
    await stored.put(database, forged)


async def _cut(database: Database) -> None:
    await stored.remove(database, f"{WATER}:3")


async def _spoilt(database: Database) -> None:
    await stored.change(database, f"{WATER}:2", lambda d: d.pop("events"))


@pytest.mark.parametrize(
    ("tamper", "breaks_at"),
    [
        (_edited, 2), (_edited_with_its_hash, 3), (_deleted, 2), (_reordered, 2), (_cut, 3),
        (_spoilt, 2),
    ],
)  # fmt: skip
async def test_what_was_changed_afterwards_shows(
    changed: Twin, reader: Headers, tamper: Tamper, breaks_at: int
) -> None:
    await tamper(changed.runtime.database)
    proof = await get(changed, f"/proofs/{WATER}", reader)
    assert (proof["verified"], proof["breaks_at"]) == (False, breaks_at), proof
    assert (await get(changed, "/proofs/department:roads", reader))["verified"]


async def test_a_cut_that_goes_through_all_of_the_store_shows_to_who_kept_the_head(
    changed: Twin, reader: Headers
) -> None:
    known = await get(changed, f"/proofs/{WATER}", reader)
    database = changed.runtime.database
    await _cut(database)
    back = {"version": 2, "head": (await stored.one(database, f"{WATER}:2"))["hash"]}
    await database["view_department"].update_one({"_id": WATER}, {"$set": back})
    assert (await get(changed, f"/proofs/{WATER}", reader))["verified"], "alone it cannot know"
    asked = f"/proofs/{WATER}?version=3&head={known['head']}"
    proof = await get(changed, asked, reader)
    assert (proof["verified"], proof["breaks_at"]) == (False, 3)
    wrong = await get(changed, f"/proofs/{WATER}?version=2&head={'0' * 64}", reader)
    assert wrong["breaks_at"] == 2


async def test_changes_tell_who_what_when_and_why(
    changed: Twin, reader: Headers, writer: Headers
) -> None:
    why = {"reason": "handed over", "approved_by": ["p-1", "p-2"]}
    path = "/charters/charter:roads/revocation"
    assert (await changed.http.post(path, json=why, headers=writer)).status_code == 200
    rows = await get(changed, "/changes", reader)

    assert [(r["number"], r["kind"], r["state"]) for r in rows] == [
        (1, "load", "applied"), (2, "load", "applied"), (3, "load", "applied"),
        (4, "revoke-charter", "applied"),
    ]  # fmt: skip
    last = rows[-1]
    assert (last["who"], last["about"]) == ("operator-1", ["charter:roads"])
    assert last["why"].startswith("handed over")
    assert last["decided_at"] <= last["applied_at"]
    assert [r["number"] for r in await get(changed, "/changes?after=1&limit=2", reader)] == [2, 3]
    newest = await get(changed, "/changes?newest=true&limit=2", reader)
    assert [r["number"] for r in newest] == [r["number"] for r in rows][-2:]
    assert await get(changed, "/changes?after=4", reader) == []


async def test_a_change_names_the_things_it_changed(changed: Twin, reader: Headers) -> None:
    first, second = [await get(changed, f"/changes/{n}", reader) for n in (1, 2)]
    assert len(first["things"]) == first["steps"] == 15
    assert second["things"] == [
        {"aggregate": WATER, "version": 2, "events": ["department.registered.v1"]}
    ]
    for number in (4, 10**9):
        await get(changed, f"/changes/{number}", reader, 404)
    for wrong in ("0", "x"):
        await get(changed, f"/changes/{wrong}", reader, 422)


async def test_an_open_change_is_told_as_open(changed: Twin, reader: Headers) -> None:
    await stored.remove(changed.runtime.database, "ledger:lanhe:6")
    [last] = await get(changed, "/changes?after=2", reader)
    assert (last["state"], last["applied_at"]) == ("open", None)


@pytest.mark.parametrize("path", ["/changes", "/changes/1", "/proofs/grid:41", "/audit/grid:41"])
async def test_the_trail_needs_its_scope(registry: Twin, path: str, issuer: Any) -> None:
    await get(registry, path, {}, 401)
    await get(registry, path, issuer.bearer("p-1", "households.read", "registry"), 403)


async def test_how_far_a_change_has_come_is_told_while_it_is_applied(
    registry: Twin, writer: Headers, reader: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await get(registry, "/changes/under-way", reader) is None
    go, publish = asyncio.Event(), registry.publisher.publish

    async def held_up(messages: Sequence[Outgoing]) -> list[PublishError | None]:
        if any("grid.published" in message.key for message in messages):
            await go.wait()
        return await publish(messages)

    monkeypatch.setattr(registry.publisher, "publish", held_up)
    loading = asyncio.create_task(load(registry, writer))

    async def stuck() -> dict[str, Any] | None:
        found: dict[str, Any] | None = await get(registry, "/changes/under-way", reader)
        return found if found and found["done"] >= 4 else None

    found = await eventually(stuck)
    assert (found["number"], found["kind"], found["steps"]) == (1, "load", 15)
    assert found["done"] < 15
    go.set()
    assert (await loading).status_code == 200
    assert await get(registry, "/changes/under-way", reader) is None
