"""month: a district's month under a scaled clock, with all that can happen to a case."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from case_contracts.district import DistrictBundle
from case_contracts.events.registry import CalendarPublished
from civicgrid.addresses import addresses_of
from civicgrid.client import Api, As
from civicgrid.commands.options import RunDir, moment, sample_dir, scenario_file
from civicgrid.commands.shows import clear, fresh, played, replay_shown
from civicgrid.commands.traffic import read_all
from civicgrid.commands.truth import show_report
from civicgrid.deployment import Run
from civicgrid.district_dir import read_district
from civicgrid.insides import verify_run
from civicgrid.local import local_dir
from civicgrid.replay.clock_check import Checked, check_clocks
from civicgrid.replay.happened import counted, timelines
from civicgrid.replay.live import Pace
from civicgrid.replay.month import some_of, spread_out
from civicgrid.replay.outcome import Outcome
from civicgrid.replay.scenario import Scenario, read_scenario
from civicgrid.replay.view import render
from civicgrid.replay.view_month import LIMITED, missing, month_rows, render_month
from civicgrid.reports_file import REPORTS
from civicgrid.show import console, say
from service_kit.worktime import WorkCalendar

FACTOR, WAIT_SECONDS, QUIET_SECONDS = 11_000.0, 240.0, 60.0
START = "2026-03-02T08:00:00+08:00"
WRITER = As("replay", "knowledge.publish", "operator")
MOST_WRONG = 20
MOST_LATE_HOURS = 4.0
LOOK = 0.5
"""A second is hours of domain time: people look often."""


def month(
    district: Annotated[
        Path | None, typer.Option(help="District directory; default deploy/sample.")
    ] = None,
    scenario: Annotated[Path | None, typer.Option(help="Shares and delays.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Reports, of all that there are.")] = 300,
    seed: Annotated[int | None, typer.Option(help="Instead of the scenario's.")] = None,
    factor: Annotated[float, typer.Option(min=1, help="How much faster time runs.")] = FACTOR,
    start: Annotated[str, typer.Option(help="When the time of the district begins.")] = START,
    wait: Annotated[
        float, typer.Option(help="After the last report wait at most so many seconds.")
    ] = WAIT_SECONDS,
    complete: Annotated[
        bool, typer.Option("--complete", help="End with 1 where something never happened.")
    ] = False,
    run_dir: RunDir = None,
    port_base: Annotated[int, typer.Option(min=0, help="0: any free ports.")] = 8100,
) -> None:
    """Play a month of a district: accepted, returned, ruled, paused, extended, late, supervised,
    verified, reopened, voided. Prints what happened beside what was configured, verifies
    everything, and counts every deadline again from the clock's own explanation; ends with 1
    where something is not in order."""
    directory = district or sample_dir()
    habits = read_scenario(scenario or scenario_file("month.yaml"))
    habits = habits.model_copy(update={"seed": habits.seed if seed is None else seed})
    system = fresh(run_dir or local_dir() / "month")
    show = played(directory, habits, system.folder, moment(start), factor, port_base or None)
    try:
        run = show.up(system)
        outcome = _replay(run, directory, habits, limit, wait)
        console.print(render(outcome))
        _show_pace(outcome, factor)
        found, checked = asyncio.run(_looked_at(run, outcome, directory))
        console.print(render_month(found, habits))
        _show_clocks(checked)
        report = asyncio.run(verify_run(run))
        show_report(report)
    finally:
        say("Stopping, and deleting the month's data ...")
        clear(system)
    never = missing(month_rows(found, habits)) if complete else []
    if never:
        say(f"never happened 从未发生: {', '.join(never)}")
    if report.violations or checked.wrong or never:
        raise typer.Exit(1)


def _replay(run: Run, directory: Path, habits: Scenario, limit: int, wait: float) -> Outcome:
    asyncio.run(_publish_text(run))
    lines, _ = read_all(directory / REPORTS)
    clock = run.domain_clock()
    zone = _calendar(read_district(directory)).zone.key
    lines, times = spread_out(some_of(lines, limit), clock.now(), zone, habits.seed)
    say(f"{len(lines)} reports from {times[0]:%Y-%m-%d} to {times[-1]:%Y-%m-%d},"
        f" {clock.speed:g} times as fast")  # fmt: skip
    pace = Pace(quiet=QUIET_SECONDS, most=wait, times=times, look=LOOK)
    return replay_shown(run, lines, habits, pace)[0]


async def _publish_text(run: Run) -> None:
    """The text from which inquiries are answered."""
    text = {
        "after": 0,
        "matters": ["inquiry/*"],
        "title": {"zh": "便民咨询答复口径", "en": "What inquiries are answered with"},
        "body": {
            "zh": "携带身份证到社区服务站办理。",
            "en": "Bring your id card.",
        },
        "source": "便民服务指南",
        "valid_from": run.domain_clock().now().isoformat(),
    }
    async with Api(addresses_of(run)) as api:
        await api.send("PUT", "dispatch", "/knowledge/month", WRITER, json=text)


async def _looked_at(run: Run, outcome: Outcome, directory: Path) -> tuple[Counter[str], Checked]:
    """What happened to every case, and whether its clocks explain themselves."""
    cases = list(dict.fromkeys(each.case for each in outcome.sent if each.case))
    say(f"Looking at what happened to {len(cases)} cases ...")
    async with Api(addresses_of(run)) as api:
        found = counted(await timelines(api, cases), LIMITED)
        checked = await check_clocks(api, cases, _calendar(read_district(directory)))
    return found, checked


def _calendar(bundle: DistrictBundle) -> WorkCalendar:
    return WorkCalendar.from_event(CalendarPublished.model_validate(bundle.calendar.value))


def _show_pace(outcome: Outcome, factor: float) -> None:
    """Whether this machine keeps up with so fast a clock."""
    late = outcome.acts_late
    if late is None:
        return
    say(f"people acted after their time by hours of domain time: p50 {late.p50:.1f}, p99"
        f" {late.p99:.1f} ({late.count} acts)")  # fmt: skip
    if late.p50 > MOST_LATE_HOURS:
        say(f"this machine does not keep up with a clock {factor:g} times as fast: limits are"
            " missed whatever people do; give a smaller --factor")  # fmt: skip


def _show_clocks(checked: Checked) -> None:
    for each in checked.wrong[:MOST_WRONG]:
        say(each)
    say(f"clocks that explain themselves 计时自证: {checked.agree} of {checked.cases} cases,"
        f" {checked.deadlines} deadlines counted again")  # fmt: skip
