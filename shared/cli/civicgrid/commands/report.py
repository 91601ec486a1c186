"""``civicgrid report``: send one report as a resident does, and watch what becomes of it."""

import asyncio
import uuid
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from case_contracts.events.intake import Channel
from case_contracts.values import Point
from civicgrid.client import Api
from civicgrid.commands.options import RunDir, addresses
from civicgrid.following import Until, follow
from civicgrid.local import LocalError
from civicgrid.replay.send import Sent, send
from civicgrid.reports_file import ReportLine
from civicgrid.show import console, say
from civicgrid.tracing import trace_case
from civicgrid.tracing_view import render
from service_kit import clock


def report(
    matter: Annotated[str, typer.Option(help="class/category/item, or what people call it")],
    at: Annotated[str, typer.Option(help="longitude,latitude, such as 113.63,34.66")],
    text: Annotated[str, typer.Option(help="the reporter's words")],
    condition: Annotated[str | None, typer.Option(help="of the matter, by the standard")] = None,
    until: Annotated[Until, typer.Option(help="how far to watch")] = Until.HANDLED,
    wait: Annotated[float, typer.Option(help="for so many seconds")] = 120,
    verify: Annotated[
        bool, typer.Option("--verify", help="in a local run: pass the work in the verifier's name")
    ] = False,
    run_dir: RunDir = None,
) -> None:
    """Send a report as a resident and watch its case until it is so far. 上报并跟踪。"""
    line = _line(matter, condition, at, text)
    asyncio.run(_report(line, until, wait, run_dir, verify=verify))


async def _report(
    line: ReportLine, until: Until, wait: float, run_dir: Path | None, *, verify: bool
) -> None:
    async with Api(addresses(run_dir)) as api:
        sent = await send(api, line)
        case = _case(sent)
        say(f"receipt 回执 {sent.receipt}, case 案卷 {case}")
        await follow(api, case, until, wait, say, verify=verify)
        console.print(render(await trace_case(api, case)))


def _line(matter: str, condition: str | None, at: str, text: str) -> ReportLine:
    try:
        lon, lat = (float(part) for part in at.split(","))
        return ReportLine(
            ref=f"report:{uuid.uuid4()}",
            reported_at=clock.now(),
            channel=Channel.WEB,
            matter=matter,
            condition=condition,
            point=Point(lon=lon, lat=lat),
            text=text,
        )
    except ValidationError as error:
        wrong = ", ".join(str(each["loc"][0]) for each in error.errors())
        raise LocalError(f"this is no report: {wrong}", "see: civicgrid report --help") from None
    except ValueError:
        raise LocalError(f"--at {at}: no place", "write it as longitude,latitude") from None


def _case(sent: Sent) -> str:
    if sent.case is None:
        raise LocalError(
            f"the report opened no case: {sent.status}, {sent.reason}", "see the rules"
        )
    return sent.case
