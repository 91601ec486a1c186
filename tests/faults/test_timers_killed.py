"""Timers of dispatch while its two replicas are killed and frozen at random: one commit for each,
its time exact, and none later than promised."""

import asyncio
import os
import random
import statistics
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table

from case_bus.rabbit_publisher import RabbitPublisher
from service_kit import clock
from service_kit.mongo import Database
from tests.faults.replicas import Replica, Replicas, publish
from tests.support.infra import Vhost
from tests.support.stored import all_commits
from tests.support.twin import eventually
from tests.unit.dispatch.district import filed

pytestmark = [pytest.mark.alone, pytest.mark.timeout(900)]

TIMERS = int(os.environ.get("TIMERS_DUE", "240"))
OPEN = int(os.environ.get("TIMERS_OPEN", "2000"))
"""Of the full size: ``TIMERS_OPEN=100000``."""

MINUTE = 60.0
RUNNING, RESTARTED = timedelta(seconds=2), timedelta(seconds=10)
FAR = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass
class Log:
    """When a replica did not work: from the kill or freeze until it was started anew or thawed;
    the replicas by number."""

    down: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=dict)

    def add(self, replica: int, start: datetime) -> None:
        self.down.setdefault(replica, []).append((start, clock.now()))

    def worked(self, start: datetime, end: datetime) -> bool:
        """Whether one replica did all of the time, and some seconds before it."""
        before = start - RESTARTED
        return any(
            all(up < before or down > end for down, up in self.down.get(replica, ()))
            for replica in (0, 1)
        )

    def back(self, at: datetime) -> datetime:
        """The first moment from ``at`` on at which one was there, or was started."""
        return min(
            max((up for down, up in self.down.get(replica, ()) if down <= at < up), default=at)
            for replica in (0, 1)
        )


async def test_each_timer_fires_once_at_its_time(
    dispatching: Replicas, stored: Database, vhost: Vhost
) -> None:
    await _open_timers(stored)
    replicas = [await dispatching.start(), await dispatching.start()]
    publisher = RabbitPublisher(vhost.url, name="test")
    await asyncio.gather(*(_open_case(publisher, n) for n in range(TIMERS)))
    await publisher.close()
    due = await eventually(lambda: _all_assigned(stored), MINUTE)
    assert due is not None

    log = Log()
    await _harm(dispatching, replicas, log, min(due.values()), max(due.values()))
    found = await eventually(lambda: _all_lapsed(stored), 2 * MINUTE)
    assert found is not None

    assert Counter(case for case, _, _ in found) == Counter(list(due))
    assert {case: at for case, at, _ in found} == due
    late = {case: at - due[case] for case, _, at in found}
    _print(list(late.values()), log)
    for case, lateness in late.items():
        at = due[case]
        if log.worked(at, at + RUNNING):
            assert lateness <= RUNNING, f"{case} was due at {at}, and {lateness} late"
        else:
            bound = log.back(at) - at + RESTARTED
            assert lateness <= bound, f"{case} was due at {at}, and {lateness} late, not {bound}"


async def _open_timers(stored: Database) -> None:
    """So many others, none of which is due."""
    rows = [
        {"_id": f"case:open-{n}", "next_due": FAR + timedelta(seconds=n), "state": {}}
        for n in range(OPEN)
    ]
    for first in range(0, OPEN, 1000):
        await stored["view_case"].insert_many(rows[first : first + 1000])


async def _open_case(publisher: RabbitPublisher, number: int) -> None:
    """Over a minute, evenly: so their timers are due over a minute."""
    await asyncio.sleep(number * MINUTE / TIMERS)
    now = clock.now()
    case = filed(f"case:{uuid.uuid4()}", reported_at=now, opened_at=now)
    await publish(publisher, case.case, case)


async def _all_assigned(stored: Database) -> dict[str, datetime] | None:
    """When each is due; None while some are not there."""
    found = {
        data["case"]: datetime.fromisoformat(data["accept_by"])
        for data, _ in await _events(stored, "task.assigned.v1")
    }
    return found if len(found) == TIMERS else None


async def _all_lapsed(stored: Database) -> list[tuple[str, datetime, datetime]] | None:
    """Case, what the event says, and when it was committed."""
    rows = await _events(stored, "task.lapsed.v1")
    found = [(d["case"], datetime.fromisoformat(d["lapsed_at"]), at) for d, at in rows]
    return found if len({case for case, _, _ in found}) == TIMERS else None


async def _events(stored: Database, kind: str) -> list[tuple[dict[str, Any], datetime]]:
    return [
        (event["data"], datetime.fromisoformat(row["at"]))
        for row in await all_commits(stored)
        for event in row["events"]
        if event["type"] == kind
    ]


async def _harm(
    dispatching: Replicas, replicas: list[Replica], log: Log, first: datetime, last: datetime
) -> None:
    """From the first timer's time to the last one's: mostly one replica at a time."""
    chance = random.Random(5)
    await asyncio.sleep(max(0.0, (first - clock.now()).total_seconds()))
    while clock.now() < last:
        both = chance.random() < 0.2
        harmed = [0, 1] if both else [chance.randrange(2)]
        await asyncio.gather(
            *(_one(dispatching, replicas, n, log, chance.uniform(0.5, 4), chance) for n in harmed)
        )
        await asyncio.sleep(chance.uniform(0.5, 3))


async def _one(
    dispatching: Replicas, replicas: list[Replica], number: int, log: Log, seconds: float,
    chance: random.Random,
) -> None:  # fmt: skip
    start = clock.now()
    if chance.random() < 0.5:
        replicas[number].freeze()
        await asyncio.sleep(seconds)
        replicas[number].thaw()
        log.add(number, start)
        return
    await replicas[number].kill()
    await asyncio.sleep(seconds)
    replicas[number] = dispatching.launch()
    log.add(number, start)
    await dispatching.ready(replicas[number])


def _print(late: Sequence[timedelta], log: Log) -> None:
    seconds = sorted(each.total_seconds() for each in late)
    quantiles = statistics.quantiles(seconds, n=100)
    table = Table(title=f"{TIMERS} timers due within a minute, {OPEN} more open")
    for column in ("p50", "p99", "largest", "times a replica was down"):
        table.add_column(column)
    harm = str(sum(len(each) for each in log.down.values()))
    table.add_row(f"{quantiles[49]:.2f} s", f"{quantiles[98]:.2f} s", f"{seconds[-1]:.2f} s", harm)
    Console().print(table)
