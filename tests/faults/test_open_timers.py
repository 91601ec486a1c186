"""Open timers cost a tick no more than a query: it does not grow with them.

``TIMERS_OPEN=100000`` is the full size; to store so many alone takes minutes.
"""

import os
import statistics
import time
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console
from rich.table import Table

from dispatch.background import due, prepare
from service_kit.mongo import Database

pytestmark = [pytest.mark.alone, pytest.mark.timeout(900)]
NOW, FAR = datetime(2026, 1, 5, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
SIZES = (1_000, 5_000, int(os.environ.get("TIMERS_OPEN", "20000")))
DUE, TICKS, AT_ONCE = 5, 40, 1000


async def test_a_tick_costs_the_same_however_many_timers_are_open(stored: Database) -> None:
    await prepare(stored)
    view = stored["view_case"]
    await view.insert_many(
        [{"_id": f"case:due-{n}", "next_due": NOW - timedelta(seconds=n)} for n in range(DUE)]
    )
    table = Table(title="One tick's query, milliseconds")
    for column in ("open timers", "p50", "largest"):
        table.add_column(column)
    before, medians = 0, []
    for size in SIZES:
        for first in range(before, size, AT_ONCE):
            await view.insert_many(
                [
                    {"_id": f"case:{n}", "next_due": FAR + timedelta(seconds=n)}
                    for n in range(first, min(first + AT_ONCE, size))
                ]
            )
        before = size
        spent = [await _tick(stored) for _ in range(TICKS)]
        medians.append(statistics.median(spent))
        table.add_row(str(size), f"{medians[-1]:.1f}", f"{max(spent):.1f}")
    Console().print(table)
    assert medians[-1] < 3 * medians[0] + 5


async def _tick(stored: Database) -> float:
    start = time.perf_counter()
    found = await due(stored, NOW)
    assert len(found) == DUE
    return (time.perf_counter() - start) * 1000
