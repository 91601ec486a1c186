"""chaos: the same replay undisturbed, then with departments, gateway and dispatch killed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from case_contracts.clock import Clock
from civicgrid.addresses import addresses_of
from civicgrid.chaos import seen
from civicgrid.chaos.comparing import MOST, differing, lines, render
from civicgrid.chaos.course import Told, told
from civicgrid.chaos.killing import Killing, Victim
from civicgrid.client import PATIENT_SECONDS, Api
from civicgrid.commands.options import RunDir, moment, sample_dir, scenario_file
from civicgrid.commands.shows import clear, fresh, played, replayed
from civicgrid.commands.traffic import read_all
from civicgrid.commands.truth import show_report
from civicgrid.deployment import Run
from civicgrid.insides import verify_settled
from civicgrid.local import local_dir
from civicgrid.replay.happened import timelines
from civicgrid.replay.live import Pace
from civicgrid.replay.month import some_of
from civicgrid.replay.outcome import Outcome
from civicgrid.replay.scenario import Scenario, read_scenario
from civicgrid.replay.view import render as render_outcome
from civicgrid.reports_file import REPORTS, ReportLine
from civicgrid.show import console, say
from civicgrid.system import System

START, SPEED, RATE = "2026-03-02T08:30:00+08:00", 60.0, 2.0
QUIET_SECONDS, WAIT_SECONDS, SETTLE_SECONDS = 90.0, 420.0, 120.0
SHORTLY = (0.0, 1.0)


@dataclass(frozen=True)
class _Wish:
    """What is replayed, twice."""

    directory: Path
    habits: Scenario
    lines: list[ReportLine]
    start: datetime
    speed: float
    port_base: int | None


@dataclass(frozen=True)
class _Found:
    """What came of one of the two: ``cases`` by the ref of their report, since ids are another
    in each run; ``wrong`` is what must not be, in words."""

    cases: dict[str, Told]
    wrong: list[str]


def chaos(
    district: Annotated[
        Path | None, typer.Option(help="District directory; default deploy/sample.")
    ] = None,
    scenario: Annotated[Path | None, typer.Option(help="Shares and delays.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Reports, of all that there are.")] = 120,
    seed: Annotated[int | None, typer.Option(help="Instead of the scenario's.")] = None,
    speed: Annotated[float, typer.Option(min=1, help="How much faster time runs.")] = SPEED,
    start: Annotated[str, typer.Option(help="When the time of the district begins.")] = START,
    may_differ: Annotated[
        int, typer.Option(min=0, help="So many cases may take another course.")
    ] = 0,
    run_dir: RunDir = None,
    port_base: Annotated[int, typer.Option(min=0, help="0: any free ports.")] = 8100,
) -> None:
    """Replay the same reports twice: undisturbed, and with the departments, the gateway and
    dispatch killed at random all the while. Prints both, and what differs: that may be the number
    of lapsed tasks and nothing else. Verifies everything; ends with 1 where it does not hold."""
    directory = district or sample_dir()
    habits = read_scenario(scenario or scenario_file("chaos.yaml"))
    habits = habits.model_copy(update={"seed": habits.seed if seed is None else seed})
    reports, _ = read_all(directory / REPORTS)
    wish = _Wish(
        directory, habits, some_of(reports, limit), moment(start), speed, port_base or None
    )
    folder = run_dir or local_dir() / "chaos"
    undisturbed = _run(wish, folder, disturbed=False)
    disturbed = _run(wish, folder, disturbed=True)
    compared = lines(undisturbed.cases, disturbed.cases)
    other = list(differing(undisturbed.cases, disturbed.cases))
    console.print(render(compared))
    for each in other[:MOST]:
        say(each)
    say(f"cases that took another course 走向不同的案卷: {len(other)} of {len(disturbed.cases)}")
    if undisturbed.wrong or disturbed.wrong or len(other) > may_differ:
        raise typer.Exit(1)


def _run(wish: _Wish, folder: Path, *, disturbed: bool) -> _Found:
    say("with kills 干扰运行" if disturbed else "undisturbed 平静运行")
    system = fresh(folder)
    show = played(
        wish.directory, wish.habits, system.folder, wish.start, wish.speed, wish.port_base
    )
    try:
        run = show.up(system)
        return asyncio.run(_found(wish, system, run, disturbed=disturbed))
    finally:
        say("Stopping, and deleting its data ...")
        clear(system)


async def _found(wish: _Wish, system: System, run: Run, *, disturbed: bool) -> _Found:
    outcome = await _replayed(wish, system, run, disturbed=disturbed)
    console.print(render_outcome(outcome))
    async with Api(addresses_of(run), reconnect=PATIENT_SECONDS) as api:
        refs = {each.case: each.ref for each in reversed(outcome.sent) if each.case}
        stories = await timelines(api, list(refs))
        found = {case: told(entries) for case, entries in zip(refs, stories, strict=True)}
        wrong = [each async for each in _wrong(api, run, found)]
    report = await verify_settled(run, SETTLE_SECONDS)
    show_report(report)
    wrong += [f"{each.invariant} at {each.service}: {each.what}" for each in report.violations]
    for each in wrong[:MOST]:
        say(each)
    say(f"not as it has to be 不符: {len(wrong)}")
    return _Found({refs[case]: each for case, each in found.items()}, wrong)


async def _replayed(wish: _Wish, system: System, run: Run, *, disturbed: bool) -> Outcome:
    pace = Pace(rate=RATE, quiet=QUIET_SECONDS, most=WAIT_SECONDS)
    if not disturbed:
        return (await replayed(run, wish.lines, wish.habits, pace))[0]
    killing = Killing(system, run, wish.habits.seed, _victims(wish.habits, run.domain_clock()))
    over = asyncio.Event()
    killer = asyncio.create_task(killing.until(over))
    replay = asyncio.create_task(replayed(run, wish.lines, wish.habits, pace, PATIENT_SECONDS))
    try:
        done, _ = await asyncio.wait({killer, replay}, return_when=asyncio.FIRST_COMPLETED)
        if killer in done:
            await killer  # it ends before it is told to where something does not start again
        outcome, _ = await replay
        over.set()
        await killer
    finally:
        killer.cancel()
        replay.cancel()
    counted = ", ".join(f"{name} {number}" for name, number in sorted(killing.killed.items()))
    say(f"killed 已杀: {counted}")
    return outcome


def _victims(habits: Scenario, clock: Clock) -> dict[str, Victim]:
    """Departments stay dead for up to somewhat more than their lease, so that some tasks lapse."""
    assert habits.departments is not None
    lease = clock.real_seconds(timedelta(minutes=habits.departments.lease_minutes))
    found = [Victim("department", (0.0, 1.3 * lease)), Victim("gateway", SHORTLY)]
    return {each.name: each for each in (*found, Victim("dispatch", SHORTLY))}


async def _wrong(api: Api, run: Run, cases: dict[str, Told]) -> AsyncIterator[str]:
    kept = await seen.stores(api, run.departments)
    for each in seen.wrong_in_stores(kept, cases):
        yield each
    for department in run.departments:
        for each in seen.wrong_in_feed(department, await seen.feed(api, department), cases):
            yield each
    for case, each_told in cases.items():
        if each_told.course.ended == "open":
            yield f"{case} is still open"
