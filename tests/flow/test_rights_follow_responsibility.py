"""Power follows responsibility (权随责走): from the moment at which dispatch has stored a grant or
revocation nothing is decided against it, commands that are still under way are refused with the
reason, and whatever a department could see (inbox, feed, replay, evidence) follows in a second.

``CIVICGRID_RIGHTS_SEED`` repeats a run's choices, ``CIVICGRID_RIGHTS_OPERATIONS`` sets how many
grants, revocations and commands are played (2,000).
"""

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from civicgrid.local import Broker
from tests.flow.rights.house import House
from tests.flow.rights.judge import RIGHTLESS, Judge, reasons, show, too_slow
from tests.flow.rights.rounds import Player, Told
from tests.flow.rights.seen import Seen
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.vhosts import Departments, DepartmentsPool
from tests.support.infra import Vhost
from tests.support.run_dir import of_worker
from tests.support.slowness import slowness
from tests.support.tokens import TestIssuer

pytestmark = [pytest.mark.long, pytest.mark.alone, pytest.mark.timeout(900)]
SEED = int(os.environ.get("CIVICGRID_RIGHTS_SEED") or random.SystemRandom().randrange(10**6))
OPERATIONS = int(os.environ.get("CIVICGRID_RIGHTS_OPERATIONS") or 2000)
PLAYERS, STEADY = 5, 2


@pytest.fixture
def departments(broker: Broker) -> Iterator[Departments]:
    pool = DepartmentsPool(broker, of_worker() / "rights-departments")
    yield pool.take()
    pool.close()


@pytest.fixture
def vault() -> Iterator[FakeVault]:
    fake = FakeVault()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
async def house(
    departments: Departments, vhost: Vhost, mongo_url: str, issuer: TestIssuer, vault: FakeVault,
    tmp_path: Path, database: str,
) -> AsyncIterator[House]:  # fmt: skip
    found = House(departments, vhost, mongo_url, issuer, vault, tmp_path, database)
    try:
        await found.open()
        yield found
    finally:
        await found.close()


async def test_no_command_is_decided_against_the_charter_and_sight_follows_in_a_second(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    told, started, before = Told(), time.monotonic(), slowness()
    async with Seen(house) as seen:
        player = Player(house, seen, told, random.Random(SEED), OPERATIONS)
        load = [asyncio.create_task(player.steady()) for _ in range(STEADY)]
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(PLAYERS):
                    group.create_task(player.play())
            refused = await reasons(told, seen)
        finally:
            for task in load:
                task.cancel()
    verdict = await Judge(told).judge(house)
    told.delays["cut: task taken away, routed anew"] = verdict.taken_away
    seconds, slow = time.monotonic() - started, max(before, slowness())
    with capsys.disabled():
        show(SEED, seconds, slow, told, verdict)
    assert verdict.against == []
    assert verdict.denied == []
    assert verdict.astray == []
    assert too_slow(told.delays, slow) == {}
    assert refused.keys() <= set(RIGHTLESS), refused
    assert told.opened > 0
    assert len(told.delays["cut: evidence link"]) == len(told.delays["cut: inbox (AMQP)"])
    assert told.total >= OPERATIONS
    assert set(told.rounds) >= {"revoked", "runs out", "narrowed", "renewed", "moved"}
