"""Importing a city's past as it recorded it, and waiting until dispatch has all of it."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from civicgrid.client import LONG, Api, As
from civicgrid.replay.deeds.stage import LOOKER
from civicgrid.replay.pacing import rest
from civicgrid.reports_file import ReportLine

CHUNK = 500
CHUNKS_AT_ONCE = 4
LOOKED_UP = 500
IMPORTER = As("replay-import", "history.import", "operator")


@dataclass
class Imported:
    """What came of an import: lines by status, problems, and dispatch's figures at the end."""

    lines: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    cases: dict[str, str] = field(default_factory=dict)
    """Case by the line's ref."""
    figures: dict[str, Any] = field(default_factory=dict)
    seconds: float = 0.0


Tell = Callable[[int, int], None]
"""Called with how many lines are sent and how many cases dispatch has."""


async def import_history(api: Api, lines: Iterable[ReportLine], tell: Tell) -> Imported:
    """Send all lines with their recorded times, then wait until each case is with dispatch."""
    begun, found = time.monotonic(), Imported()
    await _send(api, lines, found, lambda: tell(sum(found.lines.values()), 0))
    await _until_there(api, list(found.cases.values()), lambda n: tell(found.lines.total(), n))
    found.seconds = time.monotonic() - begun
    found.figures = await api.get("dispatch", "/cases/figures", LOOKER)
    return found


async def _send(
    api: Api, lines: Iterable[ReportLine], found: Imported, told: Callable[[], None]
) -> None:
    free = asyncio.Semaphore(CHUNKS_AT_ONCE)

    async def one(chunk: Sequence[ReportLine]) -> None:
        try:
            _note(await _post(api, chunk), found)
            told()
        finally:
            free.release()

    async with asyncio.TaskGroup() as group:
        for chunk in _chunks(lines):
            await free.acquire()
            group.create_task(one(chunk))


async def _post(api: Api, chunk: Sequence[ReportLine]) -> list[dict[str, Any]]:
    body = {"lines": [line.model_dump(mode="json", exclude_none=True) for line in chunk]}
    answer: list[dict[str, Any]] = await api.send(
        "POST", "intake", "/imports", IMPORTER, json=body, timeout=LONG
    )
    return answer


def _note(results: Sequence[dict[str, Any]], found: Imported) -> None:
    for each in results:
        found.lines[each["status"]] += 1
        if each["case"]:
            found.cases[each["ref"]] = each["case"]
        if each["reason"]:
            found.reasons[each["reason"]] += 1
        if each["problem"]:
            found.problems.append(f"{each['ref']}: {each['problem']}")


async def _until_there(api: Api, cases: Sequence[str], told: Callable[[int], None]) -> None:
    """Look the cases up in the order in which they were sent, until all are known."""
    there = 0
    for first in range(0, len(cases), LOOKED_UP):
        missing = set(cases[first : first + LOOKED_UP])
        while missing:
            begun = time.monotonic()
            rows = await api.post("dispatch", "/cases/lookup", {"cases": sorted(missing)}, LOOKER)
            missing -= {row["case"] for row in rows}
            there += len(rows)
            told(there)
            if missing:
                await rest(begun)


def _chunks(lines: Iterable[ReportLine]) -> Iterator[list[ReportLine]]:
    rest = iter(lines)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
