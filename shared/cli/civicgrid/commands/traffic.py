"""replay: reports from a file, live or as a city recorded them."""

import asyncio
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from civicgrid.addresses import Addresses
from civicgrid.client import Api
from civicgrid.commands.options import RunDir, addresses, system
from civicgrid.commands.progress import import_progress, replay_progress
from civicgrid.local import LocalError
from civicgrid.replay.history import Imported, import_history
from civicgrid.replay.live import Pace, Replay
from civicgrid.replay.outcome import Outcome
from civicgrid.replay.scenario import Scenario, read_scenario
from civicgrid.replay.view import render
from civicgrid.replay.view_history import render_history
from civicgrid.reports_file import BadLine, ReportLine, read_reports
from civicgrid.show import console, say
from service_kit.clock import Clock, clock

MOST_BAD = 20


def replay(
    file: Annotated[Path, typer.Argument(help="Reports, one JSON object a line.")],
    run_dir: RunDir = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many.")] = None,
    rate: Annotated[float | None, typer.Option(min=0.01, help="Reports a second.")] = None,
    as_recorded: Annotated[
        bool, typer.Option("--as-recorded", help="Import as history, with the recorded times.")
    ] = False,
    scenario: Annotated[
        Path | None, typer.Option(help="How the played people behave; default: all at once.")
    ] = None,
    quiet: Annotated[
        float, typer.Option(min=1, help="End when nothing has changed for so many seconds.")
    ] = 20,
    wait: Annotated[float, typer.Option(min=0, help="Wait at most so many seconds.")] = 600,
) -> None:
    """Send reports, play the district's people, wait until all are through, print a table."""
    where = addresses(run_dir)
    lines, bad = read_all(file, limit)
    if as_recorded:
        console.print(render_history(run_import(where, lines)))
    else:
        habits = read_scenario(scenario) if scenario else Scenario()
        pace = Pace(rate, quiet, wait)
        outcome = run_replay(where, lines, habits, pace, domain_clock(run_dir))
        outcome.bad_lines = bad
        console.print(render(outcome))
    if bad:
        raise typer.Exit(1)


def read_all(file: Path, limit: int | None = None) -> tuple[list[ReportLine], int]:
    """The reports of a file; bad lines are said, and counted."""
    if not file.is_file():
        raise LocalError(f"there is no file {file}", "give a file of reports, such as"
                         " deploy/sample/reports.ndjson")  # fmt: skip
    bad = 0

    def good() -> Iterator[ReportLine]:
        nonlocal bad
        for line in read_reports(file):
            if isinstance(line, ReportLine):
                yield line
                continue
            bad += 1
            _say_bad(file, line, bad)

    return list(islice(good(), limit)), bad


def run_replay(
    where: Addresses,
    lines: list[ReportLine],
    scenario: Scenario,
    pace: Pace,
    services_clock: Clock,
) -> Outcome:
    """Replay with a progress bar."""

    async def run() -> Outcome:
        async with Api(where) as api:
            with replay_progress(len(lines)) as tell:
                return await Replay(api, services_clock, scenario, pace, tell).run(lines)

    return asyncio.run(run())


def run_import(where: Addresses, lines: list[ReportLine]) -> Imported:
    """Import with a progress bar."""

    async def run() -> Imported:
        async with Api(where) as api:
            with import_progress(len(lines)) as tell:
                return await import_history(api, lines, tell)

    return asyncio.run(run())


def domain_clock(run_dir: Path | None) -> Clock:
    """The clock of the run's services; that of the environment for a system elsewhere."""
    found = system(run_dir)
    return found.run().domain_clock() if found.exists else clock()


def _say_bad(file: Path, line: BadLine, number: int) -> None:
    if number <= MOST_BAD:
        say(f"{file}:{line.number}: {line.message}; left out")
