"""The whole way of a case, all services on this machine: how many a second, and how soon."""

import asyncio
from pathlib import Path

from civicgrid.addresses import addresses_of
from civicgrid.client import Api
from civicgrid.deployment import Run
from civicgrid.replay.habits import Answering
from civicgrid.replay.live import Pace, Replay
from civicgrid.replay.outcome import Outcome
from civicgrid.replay.scenario import Scenario
from civicgrid.reports_file import ReportLine, read_reports

CASES, HALF = 600, 200
TARGET = 15.0
HABITS = Scenario(answers=Answering(never=1))
"""Everybody acts at once; the way ends with the closing."""


def measure(run: Run, reports: Path) -> list[tuple[str, str, str, bool]]:
    """Rows of (what, measured, target, met). Departments work at once; people verify at once."""
    lines = [x for x in read_reports(reports) if isinstance(x, ReportLine)]
    lines = [x.model_copy(update={"recorded": None}) for x in lines if x.point is not None]
    full = asyncio.run(_replay(run, lines[:CASES], rate=None))
    speed = full.cases_per_second or 0.0
    half = asyncio.run(_replay(run, lines[CASES : CASES + HALF], rate=speed / 2))
    rows = [("whole way of a case", f"{speed:.1f} cases/s", ">= 15", speed >= TARGET)]
    if half.to_inbox is not None:
        p50, p99 = half.to_inbox.p50 * 1000, half.to_inbox.p99 * 1000
        what = f"report -> inbox at {speed / 2:.1f}/s"
        rows.append((f"{what}, p50", f"{p50:.0f} ms", "<= 60 ms", p50 <= 60))
        rows.append((f"{what}, p99", f"{p99:.0f} ms", "<= 250 ms", p99 <= 250))
    return rows


async def _replay(run: Run, lines: list[ReportLine], rate: float | None) -> Outcome:
    async with Api(addresses_of(run)) as api:
        replay = Replay(api, run.domain_clock(), HABITS, Pace(rate), lambda _: None)
        return await replay.run(lines)
