"""Intake's accept against the floor: 32 clients, alternating runs, same broker and store."""

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import aio_pika
import httpx

from case_bus.declare import declare
from case_bus.topology import Binding, Exchange, Topology, working_queue
from civicgrid.deployment import Run
from civicgrid.local.ports import free_ports
from civicgrid.local.processes import wait_until
from civicgrid.reports_file import ReportLine, read_reports
from tests.bench.floor import EXCHANGE, KEY
from tests.bench.load import Outcome, run

CLIENTS, REQUESTS, ROUNDS = 32, 600, 20


def measure(system_run: Run, reports: Path) -> list[tuple[str, str, str, bool]]:
    """Rows of (what, measured, target, met)."""
    lines = [x for x in read_reports(reports) if isinstance(x, ReportLine)]
    usable = [x for x in lines if x.channel in ("web", "open311") and x.point is not None]
    with _floor(system_run) as port:
        results = asyncio.run(_alternate(port, system_run.ports["intake"], usable))
    floor, intake = _middle(results["floor"]), _middle(results["intake"])
    ratio, low, high = _ratio(results["floor"], results["intake"])
    p99 = intake[1] / floor[1]
    return [
        ("floor, 32 clients", f"{floor[0]:,.0f}/s, p99 {floor[1]:.0f} ms", "", True),
        ("intake accept, 32 clients", f"{intake[0]:,.0f}/s, p99 {intake[1]:.0f} ms", "", True),
        ("intake / floor, throughput", _with_spread(ratio, low, high), ">= 1.00", ratio >= 1),
        ("intake / floor, p99", f"{p99:.2f}", "<= 1.50", p99 <= 1.5),
    ]


def _with_spread(ratio: float, low: float, high: float) -> str:
    return f"{ratio:.2f} (of {ROUNDS} rounds half within {low:.2f} to {high:.2f})"


def _ratio(floor: list[Outcome], intake: list[Outcome]) -> tuple[float, float, float]:
    """Median and quartiles of the rounds' ratios: what a machine is doing besides changes from
    one minute to the next, hardly within a round."""
    found = [i.per_second / f.per_second for f, i in zip(floor, intake, strict=True)]
    low, middle, high = quantiles(found, n=4)
    return middle, low, high


def _middle(outcomes: list[Outcome]) -> tuple[float, float]:
    assert not any(o.failed for o in outcomes), "requests failed; the figures would be worthless"
    return median(o.per_second for o in outcomes), median(o.percentile(0.99) for o in outcomes)


async def _alternate(floor: int, intake: int, usable: list[ReportLine]) -> dict[str, list[Outcome]]:
    found: dict[str, list[Outcome]] = {"floor": [], "intake": []}
    targets = [("floor", floor), ("intake", intake)]
    for _ in range(ROUNDS + 1):
        targets.reverse()
        for name, port in targets:
            outcome = await run(port, "/reports", _bodies(usable), clients=CLIENTS)
            found[name].append(outcome)
            await _quiet(intake)
    return {name: outcomes[1:] for name, outcomes in found.items()}


async def _quiet(port: int) -> None:
    """Wait until intake has opened the cases of the round before."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        before = -1.0
        while (now := await _taken(http)) != before:
            before = now
            await asyncio.sleep(0.5)


async def _taken(http: httpx.AsyncClient) -> float:
    text = (await http.get("/metrics")).text
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in text.splitlines()
        if line.startswith("civicgrid_commands_total")
    )


def _bodies(usable: list[ReportLine]) -> Iterator[bytes]:
    for number in range(REQUESTS):
        line = usable[number % len(usable)]
        body: dict[str, Any] = {
            "channel": "web",
            "matter": line.matter,
            "condition": line.condition,
            "point": line.point.model_dump() if line.point else None,
            "text": line.text,
            "contact": line.contact.model_dump() if line.contact else None,
        }
        yield json.dumps({k: v for k, v in body.items() if v is not None}).encode()


@contextmanager
def _floor(system_run: Run) -> Iterator[int]:
    [port] = free_ports(1)
    queue = f"bench.floor.{uuid.uuid4().hex[:8]}"
    asyncio.run(_queue(system_run.amqp_url, queue, wanted=True))
    environment = {
        **os.environ,
        "FLOOR_MONGO": system_run.mongo_url,
        "FLOOR_AMQP": system_run.amqp_url,
        "FLOOR_DATABASE": f"bench_{uuid.uuid4().hex[:8]}",
        "FLOOR_PORT": str(port),
    }
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.floor"], env=environment)
    try:
        wait_until(lambda: _answers(port), timeout=20, pause=0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)
        asyncio.run(_queue(system_run.amqp_url, queue, wanted=False))


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200
    except httpx.HTTPError:
        return False


async def _queue(url: str, name: str, *, wanted: bool) -> None:
    """The floor's own quorum queue, made before and deleted afterwards."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        if not wanted:
            await channel.queue_delete(name)
            return
        exchange, queue = Exchange(EXCHANGE, "topic"), working_queue(name)
        binding = Binding(EXCHANGE, name, KEY)
        await declare(channel, Topology((exchange,), (queue,), (binding,)))
