"""real: Boston's second quarter of 2015, live and as recorded, beside the data's own answers."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from civicgrid.addresses import addresses_of
from civicgrid.answers import Bound, Comparison, compare, finished_cases, grids_above
from civicgrid.client import Api
from civicgrid.commands.options import RunDir, scenario_file
from civicgrid.commands.progress import import_progress
from civicgrid.commands.shows import Show, clear, fresh, replay_shown
from civicgrid.commands.traffic import read_all
from civicgrid.commands.truth import show_report
from civicgrid.deployment import Run
from civicgrid.district_dir import read_district
from civicgrid.insides import verify_run
from civicgrid.local import LocalError, checkout, local_dir
from civicgrid.onboard import onboard, report_table
from civicgrid.opening import opening
from civicgrid.replay.history import Imported, import_history
from civicgrid.replay.live import Pace
from civicgrid.replay.scenario import read_scenario
from civicgrid.replay.view import render
from civicgrid.replay.view_history import render_history
from civicgrid.reports_file import ANSWERS, REPORTS, AnswerLine, ReportLine, read_answers
from civicgrid.show import console, errors, table
from service_kit.verify import Report

WARD = "ward"


def real(
    config: Annotated[
        Path | None, typer.Option(help="Onboarding configuration; default boston.yaml.")
    ] = None,
    live: Annotated[int, typer.Option(min=0, help="Located requests to replay live.")] = 2000,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Import only the first so many rows.")
    ] = None,
    rate: Annotated[float | None, typer.Option(help="Live requests a second.")] = None,
    level: Annotated[str, typer.Option(help="Level of grids that the rows name.")] = WARD,
    run_dir: RunDir = None,
) -> None:
    """Onboard a real city, replay its first located requests live, import all as recorded, and
    compare with what the data itself says; ends with 1 when a bound is missed.

    Live and recorded are two runs: the same requests in one would be counted twice.
    """
    folder = run_dir or local_dir() / "real"
    directory = folder / "district"
    _onboard(config or checkout() / "deploy" / "onboarding" / "boston.yaml", directory)
    lines, _ = read_all(directory / REPORTS)
    bounds = _live(folder / "live", directory, lines, live, rate) if live else []
    bounds += _recorded(folder / "recorded", directory, lines[:limit], level)
    _show(bounds)
    if not all(each.kept for each in bounds):
        raise typer.Exit(1)


def _onboard(config: Path, directory: Path) -> None:
    data = Path(os.environ.get("CIVICGRID_DATA") or checkout().parent / "shared" / "data")
    if not data.is_dir():
        raise LocalError(
            f"there is no folder {data} with the city's own files",
            "set CIVICGRID_DATA to the folder that holds them (boston/...)",
        )
    with errors.status("onboarding ...") as shown:

        def progress(stage: str, done: int) -> None:
            shown.update(f"{stage} {done or ''}")

        variables = {**os.environ, "CIVICGRID_DATA": str(data)}
        report = onboard(config, directory, progress, variables)
    console.print(report_table(report))


def _live(
    folder: Path, directory: Path, lines: list[ReportLine], count: int, rate: float | None
) -> list[Bound]:
    """Requests with a place as if they came now, at the quarter's beginning; all must close."""
    located = [line for line in lines if line.point is not None][:count]
    system = fresh(folder)
    start = opening(read_district(directory), lines)
    try:
        run = Show(directory, start).up(system)
        pace, habits = Pace(rate, quiet=60, most=3600), read_scenario(scenario_file("real.yaml"))
        outcome, _ = replay_shown(run, located, habits, pace)
        console.print(render(outcome))
        report = asyncio.run(verify_run(run))
        show_report(report)
    finally:
        clear(system)
    closed = sum(1 for each in outcome.sent if each.case) - len(outcome.waiting)
    return [
        Bound("live requests closed 实时结案", f"{closed} of {len(located)}", "all",
              closed == len(located)),
        _violations("live", report),
    ]  # fmt: skip


def _recorded(folder: Path, directory: Path, lines: list[ReportLine], level: str) -> list[Bound]:
    """The same requests as history; then each row's own answers beside ours."""
    system = fresh(folder)
    answers = [each for each in read_answers(directory / ANSWERS) if isinstance(each, AnswerLine)]
    try:
        # Nobody works on history: there are departments, but none of them is started.
        run = Show(directory, None, departments=False).up(system)
        found, comparison = asyncio.run(_import(run, lines, answers, level))
        console.print(render_history(found))
        report = asyncio.run(verify_run(run))
        show_report(report)
    finally:
        clear(system)
    share = f"{comparison.not_explained:.1%} of {comparison.targets:,}"
    return [
        *comparison.bounds(),
        Bound("targets that no limit of ours explains 未解释时限", share, "shown", True),
        _violations("recorded", report),
    ]


async def _import(
    run: Run, lines: list[ReportLine], answers: list[AnswerLine], level: str
) -> tuple[Imported, Comparison]:
    async with Api(addresses_of(run)) as api:
        with import_progress(len(lines)) as tell:
            found = await import_history(api, lines, tell)
        placed = {line.ref for line in lines if line.point is not None}
        located = [case for ref, case in found.cases.items() if ref in placed]
        with errors.status("comparing with the data's own answers ..."):
            finished = await finished_cases(api, found.cases.values(), found.figures["closed"])
            wards = await grids_above(api, located, level)
    return found, compare(answers, found.cases, finished, wards, level)


def _violations(which: str, report: Report) -> Bound:
    count = len(report.violations)
    return Bound(f"violations, {which} 违反不变量", str(count), "0", count == 0)


def _show(bounds: list[Bound]) -> None:
    rows = [(each.name, each.found, each.bound, "yes" if each.kept else "NO") for each in bounds]
    columns = ("the data's own answers 数据自证", "found 结果#", "bound 界限#", "kept 达标")
    console.print(table("real 真实数据", columns, rows))
