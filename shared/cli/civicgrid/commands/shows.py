"""demo: a whole district shown from start to end."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
import yaml

from civicgrid.addresses import addresses_of
from civicgrid.client import RECONNECT_SECONDS, Api
from civicgrid.commands.district import load_with_progress, show_result
from civicgrid.commands.options import (
    RunDir,
    default_behaviours,
    sample_dir,
    scenario_file,
)
from civicgrid.commands.progress import replay_progress
from civicgrid.commands.traffic import read_all
from civicgrid.commands.truth import show_report
from civicgrid.deployment import Run
from civicgrid.deployment.names import CONSOLE
from civicgrid.district_dir import read_district
from civicgrid.insides import verify_run
from civicgrid.local import LocalError, local_dir
from civicgrid.made_of import departments_of, district_of
from civicgrid.opening import clock_text, opening
from civicgrid.replay.live import Pace, Progress, Replay
from civicgrid.replay.outcome import Outcome
from civicgrid.replay.scenario import Scenario, read_scenario
from civicgrid.replay.view import render
from civicgrid.reports_file import REPORTS, ReportLine
from civicgrid.show import console, errors, say
from civicgrid.staff import show_people, write_people
from civicgrid.standing import standings
from civicgrid.system import System, Wish

SPEED, RATE, WAIT_SECONDS = 1200.0, 15.0, 600.0
BEHIND = 60
"""Cases for dispatch to take up: four seconds' reports, which one look may find sent since the last
where it takes as long as it may."""


def demo(
    district: Annotated[
        Path | None, typer.Option(help="District directory; default deploy/sample.")
    ] = None,
    reports: Annotated[
        Path | None, typer.Option(help="Reports; default those of the directory.")
    ] = None,
    scenario: Annotated[Path | None, typer.Option(help="How the played people behave.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Reports to replay.")] = 500,
    rate: Annotated[float, typer.Option(min=0.1, help="Reports a second.")] = RATE,
    speed: Annotated[float, typer.Option(min=1, help="How much faster time runs.")] = SPEED,
    wait: Annotated[float, typer.Option(help="Wait at most so many seconds.")] = WAIT_SECONDS,
    once: Annotated[bool, typer.Option("--once", help="End after the table.")] = False,
    run_dir: RunDir = None,
    port_base: Annotated[int, typer.Option(min=0, help="0: any free ports.")] = 8100,
) -> None:
    """Start everything under a fast clock, load a district, replay reports, show where to look."""
    directory = district or sample_dir()
    lines, _ = read_all(reports or directory / REPORTS, limit)
    system = fresh(run_dir or local_dir() / "demo")
    show = Show(directory, opening(read_district(directory), lines), speed, port_base or None)
    begun = time.monotonic()
    try:
        run = show.up(system)
        pace = Pace(rate, quiet=30, most=wait, behind=BEHIND)
        habits = read_scenario(scenario or scenario_file("demo.yaml"))
        outcome, first = replay_shown(run, lines, habits, pace)
        console.print(render(outcome))
        if first is not None:
            say(f"from start to the first closed case: {first - begun:.0f} s")
        report = asyncio.run(verify_run(run))
        show_report(report)
        if not once:
            _stay(system, run, outcome)
    finally:
        say("Stopping, and deleting the demo's data ...")
        clear(system)
    if report.violations:
        raise typer.Exit(1)


@dataclass(frozen=True)
class Show:
    """A district to be shown: its directory, when its time begins and how fast it runs;
    ``behaviours`` are the departments' files, ``settings`` services' own."""

    directory: Path
    start: datetime | None
    speed: float = 1.0
    port_base: int | None = None
    departments: bool = True
    behaviours: str = field(default_factory=default_behaviours)
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def up(self, system: System) -> Run:
        """Start everything and load the district."""
        run = system.start(
            Wish(
                district=district_of(self.directory),
                departments=departments_of(self.directory) if self.departments else (),
                department_config=self.behaviours,
                clock=clock_text(self.start, self.speed) if self.start else None,
                port_base=self.port_base,
                settings=self.settings,
            ),
            say,
        )
        show_result(load_with_progress(addresses_of(run), self.directory))
        write_people(system.folder, self.directory)
        return run


def played(
    directory: Path, habits: Scenario, folder: Path, start: datetime, speed: float,
    port_base: int | None,
) -> Show:  # fmt: skip
    """The district with departments as the scenario has them, under their leases."""
    own = habits.departments
    if own is None:
        raise LocalError(
            "the scenario says nothing of departments", "see deploy/scenarios/month.yaml"
        )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "departments.yaml"
    behaviour = own.behaviour(habits.seed, steady=habits.steady)
    file.write_text(yaml.safe_dump(behaviour), encoding="utf-8")
    leases = {"accept_minutes": str(own.accept_minutes), "lease_minutes": str(own.lease_minutes)}
    return Show(
        directory, start, speed, port_base, behaviours=str(file), settings={"dispatch": leases}
    )


def fresh(folder: Path) -> System:
    """The system of a folder, with nothing left of an earlier one that has ended."""
    system = System(folder)
    if system.exists:
        if any(each.state != "stopped" for each in standings(system)):
            raise LocalError(
                f"what was started in {folder} still runs",
                f"stop it: civicgrid down --purge --run-dir {folder}",
            )
        system.purge()
    return system


def replay_shown(
    run: Run, lines: list[ReportLine], habits: Scenario, pace: Pace
) -> tuple[Outcome, float | None]:
    """Replay with a progress bar; also when the first case was seen closed (monotonic)."""
    return asyncio.run(replayed(run, lines, habits, pace))


async def replayed(
    run: Run,
    lines: list[ReportLine],
    habits: Scenario,
    pace: Pace,
    reconnect: Sequence[float] = RECONNECT_SECONDS,
) -> tuple[Outcome, float | None]:
    """The same where an event loop runs. ``reconnect``: pauses after which a service that does not
    answer is asked again."""
    seen = Progress()
    async with Api(addresses_of(run), reconnect=reconnect) as api:
        with replay_progress(len(lines)) as bar:

            def tell(progress: Progress) -> None:
                nonlocal seen
                seen = progress
                bar(progress)

            outcome = await Replay(api, run.domain_clock(), habits, pace, tell).run(lines)
    return outcome, seen.first_closed


def _stay(system: System, run: Run, outcome: Outcome) -> None:
    """Say where to look, and leave everything running until Ctrl-C."""
    case = next((each.case for each in outcome.sent if each.case), "CASE")
    receipt = next((each.receipt for each in outcome.sent if each.receipt), "RECEIPT")
    folder = f"--run-dir {system.folder}"
    show_people(run, system.folder)
    for line in (
        f"residents 居民: {run.url(CONSOLE)}/ and {run.url(CONSOLE)}/track#{receipt}",
        f"their API 接口: {run.url('intake')}/docs and {run.url('intake')}/track/{receipt}",
        f"cases 案卷: {run.url('dispatch')}/docs   scores 评价: {run.url('assessment')}/docs",
        f"departments 部门: {run.url('gateway')}/docs   mails 邮件: {system.mails}",
        f"civicgrid trace {case} {folder}",
        f"civicgrid status {folder}; civicgrid held list {folder}; civicgrid verify {folder}",
        "running until Ctrl-C 按 Ctrl-C 结束",
    ):
        say(line)
    with errors.status("running"):
        while True:
            time.sleep(3600)


def clear(system: System) -> None:
    """Stop everything and delete its data, however far it came."""
    if system.exists:
        system.purge()
    else:
        system.stop()
