"""10,000 lines with 3 % bad ones, undisturbed, killed half-way, taken over; offline batches too.

Every good line ends in exactly one case, every bad one is told of exactly once.
"""

import asyncio
import base64
import os
import random
import time
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from service_kit import clock
from service_kit.mongo import Database, connect
from service_kit.mongo import database as named
from tests.faults.intake_processes import IntakeProcess, IntakeProcesses, intake_processes
from tests.support.import_files import Made, make
from tests.support.infra import Vhost
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.tokens import TestIssuer
from tests.support.twin import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
LINES, ITEMS = 10_000, 600
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
async def processes(
    vhost: Vhost, mongo_url: str, database: str, issuer: TestIssuer, tmp_path: Path
) -> AsyncIterator[IntakeProcesses]:
    key = f"k1:{base64.b64encode(os.urandom(32)).decode()}"
    async with intake_processes(vhost, mongo_url, database, issuer, key, tmp_path) as found:
        yield found


@pytest.fixture
def stored(mongo_url: str, database: str) -> Database:
    return named(connect(mongo_url), database)


@pytest.fixture(scope="module")
def made() -> Made:
    return make(LINES, MANHOLE, IN_WEST)


async def started(processes: IntakeProcesses, replica: IntakeProcess, made: Made) -> str:
    job = await processes.post(
        replica, "/imports/files", content=made.content, params={"kind": "live"}, headers=NDJSON
    )
    assert job["lines"] == LINES
    return str(job["job"])


async def progress(processes: IntakeProcesses, replica: IntakeProcess, job: str) -> Any:
    return await processes.get(replica, f"/imports/{job}")


async def half_way(processes: IntakeProcesses, replica: IntakeProcess, job: str) -> Any:
    async def probe() -> Any:
        found = await progress(processes, replica, job)
        return found if found["read"] >= LINES // 2 else None

    return await eventually(probe, 300)


async def each_line_has_its_end(
    processes: IntakeProcesses, replica: IntakeProcess, job: str, made: Made, stored: Database
) -> Any:
    async def probe() -> Any:
        found = await progress(processes, replica, job)
        return found if found["status"] == "done" else None

    ended = await eventually(probe, 600)
    figures = {name: ended[name] for name in ("read", "opened", "linked", "repeated", "bad")}
    good, bad = len(made.refs), len(made.flaws)
    assert good + bad == LINES
    assert bad == LINES * 3 // 100
    assert figures == {"read": LINES, "opened": good, "linked": 0, "repeated": 0, "bad": bad}
    assert await told(processes, replica, job) == [
        (line, str(flaw)) for line, flaw in sorted(made.flaws.items())
    ]
    assert await opened(stored) == good
    return ended


async def told(
    processes: IntakeProcesses, replica: IntakeProcess, job: str
) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    after: dict[str, str] = {}
    while True:
        page = await processes.get(replica, f"/imports/{job}/problems", limit=500, **after)
        found += [(each["line"], each["reason"]) for each in page["problems"]]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


async def opened(stored: Database) -> int:
    """How many cases were opened, of so many reports; each of them once."""
    cases: list[str] = []
    reports: list[str] = []
    async for row in stored["commits"].find({}, {"events": 1}):
        for event in row["events"]:
            if event["type"] == "case.opened.v1":
                cases.append(event["data"]["case"])
            if event["type"] == "report.received.v1":
                reports.append(event["data"]["report"])
    assert len(set(cases)) == len(cases) == len(set(reports)) == len(reports)
    return len(cases)


async def test_undisturbed(processes: IntakeProcesses, made: Made, stored: Database) -> None:
    replica = await processes.start()
    begun = time.monotonic()
    job = await started(processes, replica, made)
    uploaded = time.monotonic() - begun
    ended = await each_line_has_its_end(processes, replica, job, made, stored)
    _say(f"undisturbed: sent in {uploaded:.1f} s", begun, ended)


async def test_killed_half_way_and_started_again(
    processes: IntakeProcesses, made: Made, stored: Database
) -> None:
    replica = await processes.start()
    begun = time.monotonic()
    job = await started(processes, replica, made)
    at = await half_way(processes, replica, job)
    await replica.kill()

    again = await processes.start()

    ended = await each_line_has_its_end(processes, again, job, made, stored)
    _say(f"killed at line {at['read']} and started again", begun, ended)


async def test_killed_half_way_and_taken_over(
    processes: IntakeProcesses, made: Made, stored: Database
) -> None:
    first = await processes.start()
    second = await processes.start()
    begun = time.monotonic()
    job = await started(processes, second, made)
    at = await half_way(processes, second, job)
    worker = await _worker(stored)
    await first.kill()

    ended = await each_line_has_its_end(processes, second, job, made, stored)
    assert await _worker(stored) != worker
    _say(f"the worker of two killed at line {at['read']} and taken over", begun, ended)


async def test_an_offline_batch_twice_late_shuffled_in_parts_while_being_killed(
    processes: IntakeProcesses, stored: Database
) -> None:
    chance = random.Random(11)
    now = clock.now()
    items = [_item(now - timedelta(hours=chance.uniform(0, 150)), n) for n in range(ITEMS)]
    parts = [chance.sample(items, 150) for _ in range(12)]
    parts += [items[start : start + 150] for start in range(0, ITEMS, 100)]
    replica = await processes.start()
    urls = [replica.url]
    sending = asyncio.gather(*(_until_answered(processes, urls, part) for part in parts))
    await eventually(lambda: _some(stored), 60)
    await replica.kill()
    urls[0] = (await processes.start()).url

    answers = await sending
    again = await _until_answered(processes, urls, list(reversed(items))[:200])

    assert {each["status"] for each in again} == {"repeated"}
    subjects: dict[str, set[str]] = {}
    for each in (each for answer in answers for each in answer):
        assert each["status"] in ("received", "repeated")
        subjects.setdefault(each["id"], set()).add(each["subject"])
    assert len(subjects) == ITEMS
    assert all(len(found) == 1 for found in subjects.values())
    assert await eventually(lambda: opened(stored), 60) == ITEMS


async def _worker(stored: Database) -> str:
    lease = await stored["leases"].find_one({"_id": "imports"})
    assert lease is not None
    return str(lease["owner"])


async def _some(stored: Database) -> bool:
    return await stored["commits"].count_documents({}) > 20


def _item(made_at: Any, number: int) -> dict[str, Any]:
    said = {"matter": MANHOLE, "point": IN_WEST, "text": f"n{number}"}
    return {
        "id": str(uuid.UUID(int=number, version=4)), "kind": "report",
        "made_at": made_at.isoformat(), "report": said,
    }  # fmt: skip


async def _until_answered(
    processes: IntakeProcesses, urls: list[str], items: list[dict[str, Any]]
) -> list[Any]:
    """As a device does it: the whole batch again until an answer comes."""
    while True:
        body = {"sent_at": clock.now().isoformat(), "items": items}
        try:
            url = f"{urls[0]}/patrol/batches"
            answer = await processes.http.post(url, json=body, headers=processes.headers)
        except httpx.HTTPError:
            await asyncio.sleep(0.2)
            continue
        if answer.status_code == 200:
            found: list[Any] = answer.json()["items"]
            return found
        assert answer.status_code == 503, answer.text


def _say(what: str, begun: float, ended: Any) -> None:
    seconds = time.monotonic() - begun
    at_work = f"{ended['lines_per_second']} lines/s at work"
    print(f"{what}: {LINES} lines in {seconds:.1f} s ({at_work})")  # noqa: T201 - the figures
