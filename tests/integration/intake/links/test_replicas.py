"""What lies where is known to every replica, and after a restart; what came at once is seen."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from case_bus.memory import MemoryBroker
from case_bus.topology import base
from case_contracts.clock import Clock
from case_contracts.events.dispatch import CaseVoided
from case_contracts.events.intake import CaseOpened, LinkProposed, ReportLinked
from intake import sweep_links
from intake.adapters.nearby import Neighbours
from intake.api.beside import neighbours_of
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from service_kit import clock
from service_kit.errors import Unavailable
from service_kit.store.commits import Commits
from service_kit.store.model import Commit
from tests.integration.intake.conftest import load
from tests.integration.intake.links.conftest import opened, reported, say
from tests.support.twin import Twin, eventually, running

Later = Callable[[timedelta], None]


@pytest.fixture
def later() -> Iterator[Later]:
    """Lets it be so much later from now on."""
    yield lambda passed: clock.set_clock(Clock(datetime.now(UTC) + passed, time.time(), 1))
    clock.set_clock(None)


def another(settings: dict[str, Any], broker: MemoryBroker) -> Any:
    found = IntakeSettings(**settings)
    return running("intake", lambda edges: build(found, edges), SUBSCRIPTIONS, broker)


async def knows(twin: Twin, cases: int) -> None:
    await eventually(lambda: len(neighbours_of(twin.runtime)) == cases)


async def test_another_replica_links_to_what_this_one_opened(settings: dict[str, Any]) -> None:
    broker = MemoryBroker(base())
    async with another(settings, broker) as one, another(settings, broker) as two:
        await load(one)
        first = await opened(one)
        await knows(two, 1)
        assert (await reported(two, 4)).case == first.case


async def test_after_a_restart_the_exact_places_are_known_again(settings: dict[str, Any]) -> None:
    broker = MemoryBroker(base())
    async with another(settings, broker) as before:
        await load(before)
        first = await opened(before)
        await reported(before, 300, about={"kind": "department", "id": "urban"})
    async with another(settings, broker) as after:
        await knows(after, 1)
        second = await reported(after, 8)
        assert second.case == first.case
        [linked] = after.published(ReportLinked)
        assert linked.likeness.metres == 8


async def test_after_a_restart_all_that_a_rule_reaches_is_read(settings: dict[str, Any]) -> None:
    broker = MemoryBroker(base())
    async with another(settings, broker) as before:
        await load(before)
        for number in range(13):
            await opened(before, 55 * number)
    async with another(settings, broker) as after:
        await knows(after, 13)


async def test_of_a_writer_that_ended_long_ago_one_batch_is_read(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch, later: Later
) -> None:
    broker = MemoryBroker(base())
    async with another(settings, broker) as before:
        await load(before)
        for number in range(5):
            await opened(before, 55 * number)
        ended = before.runtime.committer.writer
    asked: list[tuple[int, int]] = []
    of_writer = Commits.of_writer

    async def noted(self: Commits, writer: str, first: int, last: int) -> list[Commit]:
        if writer == ended.id:
            asked.append((first, last))
        return await of_writer(self, writer, first, last)

    monkeypatch.setattr(Commits, "of_writer", noted)
    later(timedelta(days=30))
    async with another(settings, broker) as after:
        # As it does by itself, which may be going on: then the batch is read twice.
        await neighbours_of(after.runtime).follow(after.runtime)
    assert set(asked) == {(ended.batch, ended.batch)}


async def test_two_at_the_same_moment_open_two_cases_and_a_person_is_asked(
    settings: dict[str, Any],
) -> None:
    broker = MemoryBroker(base())
    async with another(settings, broker) as one, another(settings, broker) as two:
        await load(one)
        two.runtime.extras["neighbours"] = Neighbours(two.runtime.extras["vault"])
        first, second = await opened(one), await opened(two, 2)
        assert first.case != second.case
        await knows(one, 2)

        for _ in range(2):
            await sweep_links.once(one.runtime)
        [asked] = one.published(LinkProposed)
        assert (asked.report, asked.to_case) == (second.report, first.case)
        assert one.published(ReportLinked) == []


async def test_what_the_sweep_could_not_ask_it_asks_next_time(
    settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    broker = MemoryBroker(base())
    async with another(settings, broker) as one, another(settings, broker) as two:
        await load(one)
        with monkeypatch.context() as blind:
            blind.setattr(Neighbours, "alike", lambda *_: [])
            await opened(one)
            await opened(two, 4)
        await knows(one, 2)

        with monkeypatch.context() as away:
            away.setattr(one.runtime.committer, "submit", _away)
            with pytest.raises(Unavailable):
                await sweep_links.once(one.runtime)
        await sweep_links.once(one.runtime)
        assert len(one.published(LinkProposed)) == 1


async def _away(_: Any) -> None:
    raise Unavailable("the store is away")


async def test_the_sweep_asks_nothing_of_what_was_declined_or_lies_apart(
    intake: Twin, linker: dict[str, str]
) -> None:
    first = await opened(intake)
    near = await opened(intake, 30)
    await opened(intake, 300)
    await say(intake, linker, near.report, "decline", case=first.case)
    await sweep_links.once(intake.runtime)
    assert len(intake.published(LinkProposed)) == 1


async def test_a_report_follows_the_case_that_it_was_linked_to(intake: Twin) -> None:
    """Linked in the very moment in which that case was merged into another."""
    first, other = await opened(intake), await opened(intake, 300)
    second = await reported(intake, 4)
    merged = CaseVoided(case=first.case, reason="linked", into=other.case, voided_at=clock.now())
    await intake.say(merged, first.case)

    async def follows() -> bool:
        await sweep_links.once(intake.runtime)
        return len(intake.published(ReportLinked)) > 1

    await eventually(follows)
    last = intake.published(ReportLinked)[-1]
    assert (last.report, last.case, last.from_case) == (second.report, other.case, first.case)
    assert len(intake.published(CaseOpened)) == 2
    await sweep_links.once(intake.runtime)
    assert len(intake.published(ReportLinked)) == 2
