"""10,000 lines with 3 % bad ones: undisturbed, killed half-way, taken over.

Every good line ends in exactly one case, every bad one is told of exactly once.
"""

import asyncio
import csv
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from service_kit.mongo import Database
from tests.faults.intake_processes import opened
from tests.faults.replicas import Replica, Replicas
from tests.support.import_files import Made, make
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.twin import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
LINES = 10_000
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture(scope="module")
def made() -> Made:
    return make(LINES, MANHOLE, IN_WEST)


async def started(processes: Replicas, replica: Replica, made: Made) -> str:
    job = await processes.post(
        replica, "/imports/files", content=made.content, params={"kind": "live"}, headers=NDJSON
    )
    assert job["lines"] == LINES
    return str(job["job"])


async def progress(processes: Replicas, replica: Replica, job: str) -> Any:
    return await processes.get(replica, f"/imports/{job}")


async def half_way(processes: Replicas, replica: Replica, job: str) -> Any:
    async def probe() -> Any:
        found = await progress(processes, replica, job)
        return found if found["read"] >= LINES // 2 else None

    return await eventually(probe, 300)


async def each_line_has_its_end(
    processes: Replicas, replica: Replica, job: str, made: Made, stored: Database
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


async def told(processes: Replicas, replica: Replica, job: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    after: dict[str, str] = {}
    while True:
        page = await processes.get(replica, f"/imports/{job}/problems", limit=500, **after)
        found += [(each["line"], each["reason"]) for each in page["problems"]]
        if page["next"] is None:
            return found
        after = {"after": page["next"]}


async def test_undisturbed_by_the_command_line(
    processes: Replicas, made: Made, stored: Database, tmp_path: Path
) -> None:
    replica = await processes.start()
    file = tmp_path / "reports.ndjson"
    file.write_bytes(made.content)
    begun = time.monotonic()

    done = await asyncio.to_thread(_by_command_line, processes, replica, file)

    assert done.returncode == 1, done.stderr  # since lines were bad
    [job] = (await processes.get(replica, "/imports"))["imports"]
    ended = await each_line_has_its_end(processes, replica, job["job"], made, stored)
    _say("undisturbed", begun, ended)
    rows = csv.DictReader((tmp_path / "reports.ndjson.problems.csv").open(encoding="utf-8-sig"))
    assert {int(row["line"]): row["reason"] for row in rows} == made.flaws


def _by_command_line(
    processes: Replicas, replica: Replica, file: Path
) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("civicgrid")
    token = processes.headers["Authorization"].removeprefix("Bearer ")
    return subprocess.run(
        [command, "intake", "import", file, "--kind", "live", "--url", replica.url],
        env=os.environ | {"CIVICGRID_TOKEN": token},
        capture_output=True,
        text=True,
        check=False,
    )


async def test_killed_half_way_and_started_again(
    processes: Replicas, made: Made, stored: Database
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
    processes: Replicas, made: Made, stored: Database
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


async def _worker(stored: Database) -> str:
    lease = await stored["leases"].find_one({"_id": "imports"})
    assert lease is not None
    return str(lease["owner"])


def _say(what: str, begun: float, ended: Any) -> None:
    seconds = time.monotonic() - begun
    at_work = f"{ended['lines_per_second']} lines/s at work"
    print(f"{what}: {LINES} lines in {seconds:.1f} s ({at_work})")  # noqa: T201 - the figures
