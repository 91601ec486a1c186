"""Sending reports through intake's door, as residents and staff do."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from case_contracts.clock import Clock
from case_contracts.events.intake import Channel
from civicgrid.client import Api, ApiError, As
from civicgrid.reports_file import ReportLine
from service_kit.ids import derived

WITHOUT_TOKEN = ("web", "open311")
AT_ONCE = 16


@dataclass(frozen=True)
class Sent:
    """What became of one report: received with a case, waiting for a reviewer, rejected with a
    reason, or refused."""

    ref: str
    matter: str
    status: str
    case: str | None = None
    report: str | None = None
    receipt: str | None = None
    reason: str | None = None


Told = Callable[[Sent], None]
After = Callable[[int], float]
Room = Callable[[], Awaitable[None]]


def at_rate(rate: float) -> After:
    """So many a second."""
    return lambda number: number / rate


def at_times(times: Sequence[datetime], clock: Clock) -> After:
    """Each at its own time of the clock, from now on."""
    now = clock.now()
    return lambda number: clock.real_seconds(times[number] - now)


async def send_all(
    api: Api,
    lines: Iterable[ReportLine],
    *,
    told: Told,
    after: After | None = None,
    room: Room | None = None,
) -> None:
    """Send each line, 16 at once, the n-th not before so many real seconds from now, and not before
    there is ``room``; ``told`` hears of each outcome."""
    free = asyncio.Semaphore(AT_ONCE)

    async def one(line: ReportLine) -> None:
        try:
            told(await send(api, line))
        finally:
            free.release()

    async with asyncio.TaskGroup() as group:
        async for line in _paced(lines, after):
            await free.acquire()
            if room is not None:
                await room()
            group.create_task(one(line))


async def send(api: Api, line: ReportLine) -> Sent:
    """Send one report; its ``ref`` makes sending it again harmless."""
    key = derived("replay", line.ref)
    try:
        answer = await api.post("intake", "/reports", body_of(line), _who(line), key)
    except ApiError as error:
        if error.status != 422:
            raise
        return Sent(line.ref, line.matter, "refused", reason=_said(error))
    return Sent(
        line.ref,
        line.matter,
        answer["status"],
        case=answer["case"],
        report=answer["report"],
        receipt=answer["receipt"],
        reason=answer.get("reason") or answer.get("unclear"),
    )


def body_of(line: ReportLine) -> dict[str, Any]:
    """What a person would send now: without times, and without what the city has recorded."""
    left_out = {"ref", "reported_at", "recorded"}
    return line.model_dump(mode="json", exclude=left_out, exclude_none=True)


def _who(line: ReportLine) -> As | None:
    """Residents need no token; a patrol is the post-holder's, the rest comes over the desk."""
    if line.channel in WITHOUT_TOKEN and line.by is None:
        return None
    if line.channel == Channel.SENSOR:
        return As("service:replay-sensors", "reports.sensor", "service")
    return As(line.by or "replay-desk", "reports.staff")


def _said(error: ApiError) -> str:
    fields = [str(each["field"]) for each in error.problem.get("errors", [])]
    return ", ".join([error.code, *fields])


async def _paced(lines: Iterable[ReportLine], after: After | None) -> AsyncIterator[ReportLine]:
    begun = time.monotonic()
    for number, line in enumerate(lines):
        if after is not None:
            await asyncio.sleep(max(0.0, begun + after(number) - time.monotonic()))
        yield line
