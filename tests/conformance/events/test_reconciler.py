"""What the broker lost is found by asking its owner."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from case_contracts.events.registry import PostingEnded
from service_kit import clock
from service_kit.auth import Principal
from service_kit.events.reconciler import Reconciler
from service_kit.events.subscriptions import Command, Fact, Mirror, Subscriptions, Translated
from service_kit.http import operations
from service_kit.http.access import principal
from service_kit.mongo import Database, connect
from service_kit.mongo import database as open_database
from service_kit.store.model import Outcome
from tests.conformance.events.listening import Listening, listening
from tests.support.counter import Add
from tests.support.store_node import DISTRICT, SERVICE, Node, node

OWNER = "http://owner"


def _copy(data: PostingEnded, _: object) -> Translated | None:
    return None if data.posting == "not-ours" else Translated("counter:1", Add(data.posting))


TABLE = Subscriptions(
    SERVICE,
    [
        Command(PostingEnded, "registry.copy", _copy),
        Command(PostingEnded, "registry.news", lambda *_: None, since_start=True),
        Fact(PostingEnded, "fact_posting", lambda data, _: {"posting": data.posting}),
        Mirror(PostingEnded, "mirror_posting"),
    ],
)


@pytest.fixture
async def owner(mongo_url: str, database: str) -> AsyncIterator[Node]:
    """Another service, whose events the broker confirmed and lost."""
    client = connect(mongo_url)
    async with node(open_database(client, f"{database}_o")) as found:
        yield found
    client.close()


@pytest.fixture
async def service(db: Database) -> AsyncIterator[Listening]:
    async with listening(db, TABLE) as found:
        yield found


async def _noted(owner: Node, command: Add, cause: str, key: str = "1") -> Outcome:
    """Published, and noted as such: what is not noted is not asked for."""
    outcome = await owner.through(command, cause, key)
    await owner.committer.marker.caught_up()
    return outcome


def _app(owner: Node) -> FastAPI:
    app = FastAPI()
    app.include_router(operations.peers)
    app.state.runtime = SimpleNamespace(
        database=owner.database,
        committer=owner.committer,
        settings=SimpleNamespace(district=DISTRICT),
        name=SERVICE,
    )
    peer = Principal("service:test", "service", frozenset({"commits.read"}))
    app.dependency_overrides[principal] = lambda: peer
    return app


def _reconciler(service: Listening, owner: Node, age_seconds: float = 0.0) -> Reconciler:
    http = httpx.AsyncClient(transport=httpx.ASGITransport(_app(owner)))
    return Reconciler(
        service.node.database, service.listener, TABLE, {SERVICE: OWNER}, http,
        seconds=60, age_seconds=age_seconds,
    )  # fmt: skip


async def test_every_lost_event_is_found_and_handled_in_all_ways(
    service: Listening, owner: Node
) -> None:
    for n in range(3):
        await _noted(owner, Add(f"i{n}"), f"cause-{n}", f"{n}")

    assert await _reconciler(service, owner).once() == 3

    assert sorted(await service.inputs()) == ["i0", "i1", "i2"]
    assert {row["posting"] for row in await service.rows("fact_posting")} == {"i0", "i1", "i2"}
    assert len(await service.rows("mirror_posting")) == 3


async def test_what_has_been_handled_is_not_handled_again(service: Listening, owner: Node) -> None:
    await _noted(owner, Add("a"), "cause-a", "a")
    reconciler = _reconciler(service, owner)
    assert await reconciler.once() == 1
    await _noted(owner, Add("b"), "cause-b", "b")

    assert await reconciler.once() == 1
    assert await reconciler.once() == 0
    assert sorted(await service.inputs()) == ["a", "b"]


async def test_nobodys_cursor_is_needed_to_know_what_was_handled(
    service: Listening, owner: Node
) -> None:
    await _noted(owner, Add("a"), "cause-a")
    await _reconciler(service, owner).once()
    await service.node.database["cursors"].delete_many({})

    assert await _reconciler(service, owner).once() == 0


async def test_one_missing_trace_of_several_is_enough(service: Listening, owner: Node) -> None:
    await _noted(owner, Add("a"), "cause-a")
    await _reconciler(service, owner).once()
    await service.node.database["cursors"].delete_many({})
    await service.node.database["fact_posting"].delete_many({})

    assert await _reconciler(service, owner).once() == 1
    assert len(await service.rows("fact_posting")) == 1
    assert await service.inputs() == ["a"]


async def test_what_is_young_may_still_be_under_way(service: Listening, owner: Node) -> None:
    await _noted(owner, Add("a"), "cause-a")

    assert await _reconciler(service, owner, age_seconds=30).once() == 0
    assert await _reconciler(service, owner).once() == 1


async def test_what_is_held_is_left_to_the_quarantine(service: Listening, owner: Node) -> None:
    outcome = await _noted(owner, Add("a"), "cause-a")
    event = outcome.events[0].id
    await service.held.put("q", "k", b"{}", reason="r", status="parked", event=event)

    assert await _reconciler(service, owner).once() == 0


async def test_what_a_take_over_has_published_is_asked_for_too(
    service: Listening, owner: Node
) -> None:
    outcome = await _noted(owner, Add("a"), "cause-a")
    change = {"sent": 0, "phase": "lapsed", "noted": [outcome.commit.id]}
    await owner.database["writers"].update_one({}, {"$set": change})

    assert await _reconciler(service, owner).once() == 1
    assert await service.inputs() == ["a"]


async def test_an_owner_that_does_not_answer_is_asked_again(
    service: Listening, owner: Node
) -> None:
    await _noted(owner, Add("a"), "cause-a")
    broken = httpx.AsyncClient(transport=httpx.MockTransport(lambda _: httpx.Response(503)))
    reconciler = _reconciler(service, owner)
    working, reconciler._http = reconciler._http, broken
    assert await reconciler.once() == 0

    reconciler._http = working
    assert await reconciler.once() == 1


async def test_last_years_news_is_not_told(service: Listening, owner: Node) -> None:
    """A handler that takes nothing older than its service lacks no trace of it."""
    table = Subscriptions(SERVICE, [Command(PostingEnded, "n", _copy, since_start=True)])
    await _noted(owner, Add("a"), "cause-a")
    reconciler = _reconciler(service, owner)
    reconciler._subscriptions = table
    service.listener.since = clock.now().timestamp() + 60

    assert await reconciler.once() == 0
    assert await service.inputs() == []
