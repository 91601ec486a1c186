"""Two replicas of dispatch, and charters that come late, twice, out of order, or that run out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from case_bus.memory import MemoryBroker
from case_bus.topology import base
from case_contracts.commands import COMMAND
from case_contracts.envelope import Envelope, sequence_text
from case_contracts.events import dispatch as events
from case_contracts.events.base import EventData
from case_contracts.events.registry import CharterGranted, CharterRevoked
from case_contracts.values import Versioned
from dispatch.main import build
from dispatch.settings import DispatchSettings
from dispatch.subscriptions import SUBSCRIPTIONS
from service_kit import clock
from tests.integration.dispatch.served import subject_of
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running
from tests.unit.dispatch.district import charter, filed, registry_events

ENTRY = "charter:um"
LEADS = charter("um", "um", "part/*")


@dataclass
class Pair:
    """Two replicas on one database and bus."""

    one: Twin
    other: Twin

    def published(self, *kinds: type[EventData]) -> list[Any]:
        """By both, in the order of sequence."""
        twins = (self.one, self.other)
        found = [e for twin in twins for e in twin.publisher.envelopes]
        payloads = [e.payload() for e in sorted(found, key=lambda e: (e.subject, e.sequence))]
        return [p for p in payloads if isinstance(p, kinds)]

    def envelope(self, data: EventData, number: int) -> Envelope:
        found = self.one.envelope(data, ENTRY, clock.now())
        return found.model_copy(update={"sequence": sequence_text(number)})

    async def known(self, version: int) -> None:
        """Both know that this version stands; 0: that none does."""

        async def agreed() -> bool:
            worlds = [await t.runtime.load_world() for t in (self.one, self.other)]
            standing = [world.charters.at(ENTRY, clock.now()) for world in worlds]
            return [s.version if s else 0 for s in standing] == [version, version]

        await eventually(agreed)

    async def task(self, case: str = "case:1") -> events.TaskAssigned:
        filed_case = filed(case)
        await self.one.say(filed_case, case)

        def assigned() -> list[Any]:
            return [t for t in self.published(events.TaskAssigned) if t.case == case]

        found: events.TaskAssigned = (await eventually(assigned))[-1]
        return found

    async def says(self, task: events.TaskAssigned, name: str, number: int) -> Any:
        """What came of the command: the first new event of the case's that it causes."""
        before = len(self.published(events.CommandRefused, events.TaskProgressed))
        about = {"case": task.case, "taskid": task.taskid, "assignment": task.assignment}
        said = {"id": f"{task.case}:{number}", "name": name, "step": "working", **about}
        await self.one.command("dispatch", "um", COMMAND.validate_python(said))

        def answered() -> list[Any]:
            return self.published(events.CommandRefused, events.TaskProgressed)[before:]

        return (await eventually(answered))[0]


@pytest.fixture
async def pair(mongo_url: str, database: str, issuer: TestIssuer) -> AsyncIterator[Pair]:
    settings = DispatchSettings(
        district=DISTRICT,
        amqp_url=SecretStr("amqp://unused"),
        mongo_url=SecretStr(mongo_url),
        database=database,
        jwks_url=issuer.jwks_url,
        issuer=issuer.name,
        vault_keys=SecretStr(vault_key("k1")),
        sweep_charters_seconds=0.1,
    )
    broker = MemoryBroker(base())
    async with AsyncExitStack() as stack:
        twins = [
            await stack.enter_async_context(
                running("dispatch", lambda e: build(settings, e), SUBSCRIPTIONS, broker)
            )
            for _ in range(2)
        ]
        found = Pair(*twins)
        district = (e for e in registry_events() if not isinstance(e, CharterGranted))
        await found.one.say_all((subject_of(event), event) for event in district)
        await found.other.heard()
        yield found


def version(number: int, **change: Any) -> CharterGranted:
    return LEADS.model_copy(update={"version": number, "valid_from": clock.now(), **change})


def revoked(number: int) -> CharterRevoked:
    return CharterRevoked(charter=ENTRY, version=number, department="um", valid_to=clock.now())


async def test_a_revocation_that_comes_before_its_grant_leaves_no_right(pair: Pair) -> None:
    granted, ended = pair.envelope(LEADS, 1), pair.envelope(revoked(1), 2)
    await pair.one.send(ended)
    await pair.one.send(granted)
    await pair.known(0)
    task = await pair.task()
    assert task.handler.kind == "post"
    await pair.one.send(granted)
    await pair.known(0)


async def test_a_newer_version_that_comes_first_is_not_undone_by_the_older_ones(
    pair: Pair,
) -> None:
    first, ended = pair.envelope(LEADS, 1), pair.envelope(revoked(1), 2)
    second = pair.envelope(version(2), 3)
    for envelope in (second, ended, first):
        await pair.one.send(envelope)
    await pair.known(2)
    assert (await pair.task()).charter == Versioned(id=ENTRY, version=2)


async def test_a_matter_taken_out_by_a_newer_version_takes_its_tasks_along(pair: Pair) -> None:
    await pair.one.send(pair.envelope(LEADS, 1))
    await pair.known(1)
    task = await pair.task()
    await pair.one.send(pair.envelope(version(2, matters=("event/*",)), 2))
    await pair.known(2)
    taken = (await eventually(lambda: pair.published(events.TaskRevoked)))[0]
    assert (taken.reason, taken.handler.id) == ("charter_revoked", "um")
    assert (await pair.says(task, "progress", 1)).code in ("not_your_task", "assignment_is_over")


async def test_a_newer_version_of_the_same_right_lets_the_work_go_on(pair: Pair) -> None:
    await pair.one.send(pair.envelope(LEADS, 1))
    await pair.known(1)
    task = await pair.task()
    await pair.one.send(pair.envelope(version(2, rate=9.0), 2))
    await pair.known(2)
    assert isinstance(await pair.says(task, "progress", 1), events.TaskProgressed)
    assert pair.published(events.TaskRevoked) == []
    await pair.one.send(pair.envelope(revoked(2), 3))
    await pair.known(0)
    assert isinstance(await pair.says(task, "progress", 2), events.CommandRefused)
    await eventually(lambda: pair.published(events.TaskRevoked))


async def test_an_entry_ends_at_its_time_without_an_event(pair: Pair) -> None:
    until = clock.now() + timedelta(seconds=1.5)
    await pair.one.send(pair.envelope(version(1, valid_to=until), 1))
    await pair.known(1)
    task = await pair.task()
    assert isinstance(await pair.says(task, "progress", 1), events.TaskProgressed)
    taken = (await eventually(lambda: pair.published(events.TaskRevoked)))[0]
    assert taken.revoked_at >= until
    assert isinstance(await pair.says(task, "progress", 2), events.CommandRefused)
    last = pair.published(events.TaskAssigned)[-1]
    assert (last.assignment, last.handler.kind) == (2, "post")


async def test_a_right_that_came_back_can_be_taken_again(pair: Pair) -> None:
    """The same entry, the same case: what was swept once is swept a second time."""
    await pair.one.send(pair.envelope(LEADS, 1))
    await pair.known(1)
    first = await pair.task()
    await pair.one.send(pair.envelope(revoked(1), 2))
    await eventually(lambda: len(pair.published(events.TaskRevoked)) == 1)
    await pair.one.send(pair.envelope(version(2), 3))
    await pair.known(2)
    assert (await pair.task("case:2")).handler.id == "um"
    await pair.one.send(pair.envelope(revoked(2), 4))
    await eventually(lambda: len(pair.published(events.TaskRevoked)) == 2)
    assert first.charter is not None


async def test_a_moved_charter_takes_its_open_tasks_along_at_once(pair: Pair) -> None:
    """Told beforehand to both departments, done at its time: no case is left with the old one."""
    await pair.one.send(pair.envelope(LEADS, 1))
    await pair.known(1)
    tasks = [await pair.task(f"case:{n}") for n in range(5)]
    assert {task.handler.id for task in tasks} == {"um"}
    at = clock.now() + timedelta(seconds=1)
    await pair.one.send(
        pair.envelope(CharterRevoked(charter=ENTRY, version=1, department="um", valid_to=at), 2)
    )
    taker = charter("mr2", "mr", "part/*").model_copy(update={"valid_from": at})
    await pair.other.say(taker, "charter:mr2")

    def moved() -> bool:
        assigned = pair.published(events.TaskAssigned)
        return [t.handler.id for t in assigned if t.assignment == 2] == ["mr"] * 5

    await eventually(moved)
    times = [taken.revoked_at for taken in pair.published(events.TaskRevoked)]
    assert len(times) == 5
    assert all(at <= each for each in times)
    assert max(times) - at < timedelta(seconds=5), "the machine may be slow, not that slow"


async def test_what_was_decided_on_an_older_world_is_decided_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The revocation is stored while a batch is being decided: its command is refused, though
    no sweep has touched the case."""
    monkeypatch.setattr("dispatch.sweep._reexamine", _nothing)
    await pair.one.send(pair.envelope(LEADS, 1))
    await pair.known(1)
    task = await pair.task()
    for twin in (pair.one, pair.other):
        monkeypatch.setattr(twin.runtime.committer, "still", _late(twin, pair), raising=True)
    assert isinstance(await pair.says(task, "progress", 1), events.CommandRefused)
    assert pair.published(events.TaskProgressed) == []


def _late(twin: Twin, pair: Pair) -> Any:
    still, said = twin.runtime.committer.still, asyncio.Event()

    async def after_a_revocation(world: Any) -> bool:
        if not said.is_set():
            said.set()
            await pair.one.send(pair.envelope(revoked(1), 2))
            await pair.known(0)
        return await still(world)

    return after_a_revocation


async def _nothing(*_: Any) -> None:
    return None
