"""From a delivery to its acknowledgement, and what becomes of what cannot be handled."""

import asyncio
from itertools import permutations
from typing import Any

import pytest
from pymongo.errors import AutoReconnect

from case_bus.port import Delivery
from case_contracts.events.registry import GridRetired, MatterWithdrawn, PostingEnded
from case_contracts.events.upcasters import UPCASTERS, Upcaster
from service_kit.events import held as held_module
from service_kit.events.listener import SUSPECT_AFTER
from service_kit.store.commits import Commits
from tests.conformance.events.listening import QUEUE, Listening, envelope_of, grid
from tests.support.counter import AT
from tests.support.twin import eventually


async def test_an_event_is_handled_once_however_often_it_comes(service: Listening) -> None:
    for _ in range(5):
        await service.say(grid("a"))
    await service.say(grid("b"))

    await eventually(lambda: service.has("a", "b"))
    await eventually(service.is_quiet)
    assert service.node.publisher.inputs == ["a", "b"]


async def test_what_does_not_concern_the_service_is_acknowledged(service: Listening) -> None:
    await service.say(grid("not-ours"))

    await eventually(service.is_quiet)
    assert await service.inputs() == []
    assert await service.rows("held") == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff not JSON", "invalid: "),
        (b'{"specversion": "1.0"}', "invalid: id: Field required"),
        (b"[]", "invalid: "),
    ],
)
async def test_an_unreadable_message_is_parked_with_its_bytes(
    service: Listening, body: bytes, reason: str
) -> None:
    await service.send(body)

    held = await service.held_one()
    assert (held["status"], held["body"], held["queue"]) == ("parked", body, QUEUE)
    assert held["reason"].startswith(reason)
    await eventually(service.is_quiet)


async def test_a_payload_that_is_none_is_parked_with_the_field(service: Listening) -> None:
    bad = grid("a").model_copy(update={"data": {"grid": "not a ref!", "valid_to": "soon"}})
    await service.say(bad)

    held = await service.held_one()
    assert (held["status"], held["event"]) == ("parked", bad.id)
    assert "grid" in held["reason"]


async def test_an_unknown_type_and_one_that_nobody_listens_to_are_parked(
    service: Listening,
) -> None:
    for event_type in ("grid.imagined.v1", "charter.revoked.v1"):
        envelope = grid(event_type).model_copy(update={"type": event_type})
        await service.send(envelope.model_dump_json().encode())

    await eventually(lambda: _all_parked(service, 2))


async def _all_parked(service: Listening, count: int) -> bool:
    rows = await service.rows("held")
    return len(rows) == count and all(row["status"] == "parked" for row in rows)


async def test_a_bug_in_a_handler_holds_its_message_and_no_other(service: Listening) -> None:
    await service.say(grid("boom"))
    await service.say(grid("a"))

    await eventually(lambda: service.has("a"))
    held = await service.held_one()
    assert held["status"] == "retry"
    assert held["reason"] == "ZeroDivisionError: a bug in the handler"


async def test_what_keeps_failing_is_parked_in_the_end_and_replayed_by_an_operator(
    service: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_module, "backoff", lambda _: 0.0)
    await service.say(grid("boom"))
    await eventually(lambda: _all_parked(service, 1))
    held = await service.held_one()
    assert held["attempts"] == held_module.MAX_ATTEMPTS

    mended = {"$set": {"body": grid("mended").model_dump_json().encode()}}
    await service.node.database["held"].update_one({"_id": held["_id"]}, mended)
    await service.held.replay(held["_id"])

    await eventually(lambda: service.has("mended"))
    await eventually(lambda: _all_parked(service, 0))


async def test_what_comes_too_early_waits_for_what_it_depends_on(service: Listening) -> None:
    await service.say(grid("b/a"))
    await service.say(grid("a"))

    await eventually(lambda: service.has("a", "b"))
    assert await service.rows("held") == []


async def test_what_waits_too_long_is_held_and_handled_later(service: Listening) -> None:
    await service.say(grid("b/a"))
    held = await service.held_one()
    assert held["reason"].startswith("not_yet: a has not come")

    await service.say(grid("a"))

    await eventually(lambda: service.has("a", "b"))
    await eventually(lambda: _all_parked(service, 0))


async def test_what_came_back_too_often_is_held_before_it_is_tried(service: Listening) -> None:
    """It may have killed its process each time; its neighbours must not go down with it."""
    tried: list[str] = []

    async def handle(queue: str, key: str, body: bytes, *, held: bool = False) -> str:
        tried.append("held" if held else "delivered")
        return "grid"

    service.listener.handlers[QUEUE] = handle
    acknowledged = asyncio.Event()

    async def ack() -> None:
        acknowledged.set()

    body = grid("a").model_dump_json().encode()
    delivery = Delivery(QUEUE, "k", body, SUSPECT_AFTER, None, {}, ack, ack)
    await service.listener.on_delivery(delivery)

    assert acknowledged.is_set()
    assert (await service.held_one())["event"] == grid("a").id
    await eventually(lambda: tried == ["held"])


async def test_an_attempt_that_kills_the_process_counts(service: Listening) -> None:
    await service.held.put(QUEUE, "k", b"x", reason="r", status="retry", event="e")
    for attempt in range(2, held_module.MAX_ATTEMPTS + 1):
        document = await service.held_one()
        assert await service.held.begin(document)  # and then the process is gone
        assert (await service.held_one())["attempts"] == attempt

    assert not await service.held.begin(await service.held_one())
    assert (await service.held_one())["status"] == "parked"


async def test_of_two_replicas_one_tries_a_held_message(service: Listening) -> None:
    await service.held.put(QUEUE, "k", b"x", reason="r", status="retry", event="e")
    document = await service.held_one()

    begun = await asyncio.gather(service.held.begin(document), service.held.begin(document))

    assert sorted(begun) == [False, True]


async def test_a_huge_message_is_held_in_part(
    service: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_module, "MAX_BODY_BYTES", 100)
    await service.send(b"x" * 250)

    held = await service.held_one()
    assert held["body"] == b"x" * 100
    assert held["reason"].startswith("the first of 250 bytes")


async def test_while_the_store_is_away_messages_stay_with_the_broker(
    service: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_cause, insert, away = Commits.by_cause, Commits.insert, True

    async def gone(self: Commits, documents: list[dict[str, object]], *kept: Any) -> bool:
        if away:
            raise AutoReconnect("away")
        return await insert(self, documents, *kept)

    async def nobody_knows(self: Commits, *arguments: str) -> object:
        if away:
            raise AutoReconnect("away")
        return await by_cause(self, *arguments)

    monkeypatch.setattr(Commits, "insert", gone)
    monkeypatch.setattr(Commits, "by_cause", nobody_knows)
    await service.say(grid("b/a"))
    await eventually(lambda: not service.consumer.healthy() or service.broker.depth(QUEUE))
    away = False
    await service.say(grid("a"))

    await eventually(lambda: service.has("a", "b"))
    assert service.node.publisher.inputs == ["a", "b"]


async def test_an_older_version_is_handled_as_the_newest(
    service: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = Upcaster(1, lambda data: {**data, "grid": data["code"]})
    monkeypatch.setitem(UPCASTERS.steps, ("grid.retired", 0), step)
    old = {"type": "grid.retired.v0", "data": {"code": "old", "valid_to": AT.isoformat()}}
    await service.send(grid("x").model_copy(update=old).model_dump_json().encode())

    await eventually(lambda: service.has("old"))


async def test_a_mirror_keeps_the_newest_in_whatever_order_they_come(service: Listening) -> None:
    for number in (2, 1, 3, 2):
        data = PostingEnded(posting=f"p{number}", valid_to=AT)
        await service.say(envelope_of(data, "posting:1", number))
    await eventually(service.is_quiet)

    [row] = await service.rows("mirror_posting")
    assert (row["sequence"], row["data"]["posting"]) == (3, "p3")


async def test_a_mirror_keeps_the_newest_also_if_each_comes_by_itself(service: Listening) -> None:
    orders = [*permutations((1, 2, 3)), (1, 1), (2, 1, 1), (1, 2, 1, 2)]
    for turn in range(4):
        for subject, numbers in enumerate(orders):
            if turn < len(numbers):
                ended = PostingEnded(posting=f"p{numbers[turn]}", valid_to=AT)
                await service.say(envelope_of(ended, f"posting:{subject}", numbers[turn]))
        await eventually(service.is_quiet)

    found = {row["subject"]: row["data"]["posting"] for row in await service.rows("mirror_posting")}
    assert found == {f"posting:{n}": f"p{max(numbers)}" for n, numbers in enumerate(orders)}
    assert await service.rows("held") == []


async def test_a_fact_is_a_row_per_event(service: Listening) -> None:
    for number in (1, 2, 1):
        data = MatterWithdrawn(matter="event/a/b", valid_to=AT)
        await service.say(envelope_of(data, "matter:1", number))
    await eventually(service.is_quiet)

    assert len(await service.rows("fact_matter")) == 2


async def test_a_row_that_cannot_be_made_takes_no_other_along(service: Listening) -> None:
    for number, matter in enumerate(["event/a/b", "event/bad/row", "event/c/d"], 1):
        data = MatterWithdrawn(matter=matter, valid_to=AT)
        await service.say(envelope_of(data, "matter:1", number))
    await eventually(service.is_quiet)

    rows = await service.rows("fact_matter")
    assert {row["matter"] for row in rows} == {"event/a/b", "event/c/d"}
    assert (await service.held_one())["reason"].endswith("a bug in the row")


def test_the_counter_is_fed_by_retired_grids() -> None:
    assert grid("a").payload() == GridRetired(grid="a", valid_to=AT)
