"""The scenarios that a department is put through, each with a fresh one."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from case_contracts.commands import TaskCommand
from case_contracts.inbox import TaskItem
from department_sdk.conformance.desk import OUTCOMES, Desk, work
from department_sdk.conformance.findings import Fault, Finding, finding
from department_sdk.conformance.participant import Make
from department_sdk.conformance.watch import watched_loop
from department_sdk.task_run import ATTEMPTS

LEASE_SECONDS = 1.5
BLOCKED_SECONDS = 0.75
WITHIN_SECONDS = 30.0
HOPELESS = {Fault.NOT_ACCEPTED, Fault.NO_OUTCOME, Fault.CRASHES}


@dataclass
class Trial:
    """One scenario being played."""

    scenario: str
    desk: Desk
    within: float
    raised: list[str] = field(default_factory=list)
    found: list[Finding] = field(default_factory=list)

    def note(self, fault: Fault, **values: object) -> None:
        self.found.append(finding(fault, self.scenario, **values))

    async def ends(self, task: TaskItem) -> bool:
        """Whether it is accepted and comes to an outcome in time."""
        if not await self.desk.until(lambda: bool(self.desk.of(task)), self.within):
            self.note(Fault.NOT_ACCEPTED, seconds=self.within)
            return False

        def over() -> bool:
            return bool(self.outcomes(task)) or len(self.raised) >= ATTEMPTS

        await self.desk.until(over, self.within)
        ended = bool(self.outcomes(task))
        if not ended and not self.raised:
            self.note(Fault.NO_OUTCOME, seconds=self.within)
        return ended

    def outcomes(self, task: TaskItem) -> list[TaskCommand]:
        return [c for c in self.desk.of(task) if c.name in OUTCOMES]


async def check(
    make: Make,
    matter: str,
    *,
    within: float = WITHIN_SECONDS,
    lease: float = LEASE_SECONDS,
) -> list[Finding]:
    """All that is found for one matter; nothing where it does everything right.

    ``within``: seconds that the handler may take for a task; ``lease``: seconds of a lease.
    """
    found: list[Finding] = []
    for scenario in (_work, _late_answer, _withdrawn_early):
        async with _trial(make, scenario.__name__.strip("_"), within, lease) as trial:
            await scenario(trial, matter)
        found += trial.found
        if any(each.fault in HOPELESS for each in found):
            break  # nothing else can be told
    return _each_once(found)


async def _work(trial: Trial, matter: str) -> None:
    """A task, the same item once more, and another task: each is done once."""
    desk = trial.desk
    first = await desk.assign(matter, 1)
    if not await trial.ends(first):
        return
    await desk.give(first)
    second = await desk.assign(matter, 2)
    await trial.ends(second)
    for task in (first, second):
        _ended_once(trial, task)
        _evidence(trial, task)
        _kept_alive(trial, task)
        for command in desk.of(task):
            if not command.id.startswith(f"{work(task)}:"):
                trial.note(Fault.WRONG_ID, what=command.id)


async def _late_answer(trial: Trial, matter: str) -> None:
    """The outcome is not answered for three leases; then the task is withdrawn."""
    desk, lease = trial.desk, trial.desk.lease.total_seconds()
    desk.hold = set(OUTCOMES)
    task = await desk.assign(matter, 3)
    if not await trial.ends(task):
        return
    waited = desk.signs(task)
    await desk.until(lambda: len(desk.signs(task)) > len(waited) + 2, 3 * lease)
    _kept_alive(trial, task, time.monotonic())
    told = await desk.withdraw(task)
    await desk.until(lambda: len(desk.of(task, told)) > 2, lease)
    _went_on(trial, task, told)


async def _withdrawn_early(trial: Trial, matter: str) -> None:
    """The task is withdrawn before its acceptance is answered, which is then refused."""
    desk = trial.desk
    desk.hold = {"accept"}
    task = await desk.assign(matter, 4)
    if not await desk.until(lambda: bool(desk.of(task)), trial.within):
        return
    told = await desk.withdraw(task)
    await desk.release()
    other = await desk.assign(matter, 5)
    await trial.ends(other)
    _went_on(trial, task, told)


@asynccontextmanager
async def _trial(make: Make, scenario: str, within: float, lease: float) -> AsyncIterator[Trial]:
    trial = Trial(scenario, Desk(lease), within)
    department = make(trial.desk, trial.raised)
    async with watched_loop() as watch:
        await department.start()
        try:
            yield trial
        finally:
            await department.stop()
    if watch.longest > BLOCKED_SECONDS:
        trial.note(Fault.BLOCKS_LOOP, seconds=watch.longest, what=watch.where)
    for what in dict.fromkeys(trial.raised):
        trial.note(Fault.CRASHES, what=what)


def _ended_once(trial: Trial, task: TaskItem) -> None:
    """A return that was refused may be followed by another outcome; none is here."""
    ids = list(dict.fromkeys(command.id for command in trial.outcomes(task)))
    if len(ids) > 1:
        trial.note(Fault.TWICE, what=", ".join(ids))


def _evidence(trial: Trial, task: TaskItem) -> None:
    said = trial.outcomes(task)
    lacks = any(c.name == "complete" and not c.model_dump().get("evidence") for c in said)
    if lacks and task.evidence:
        trial.note(Fault.NO_EVIDENCE, what=", ".join(task.evidence))


def _kept_alive(trial: Trial, task: TaskItem, now: float | None = None) -> None:
    """From sign to sign, to the outcome or till now."""
    desk = trial.desk
    lease = desk.lease.total_seconds()
    ended = [at for at, c in zip(desk.times, desk.sent, strict=False) if c in trial.outcomes(task)]
    last = now if now is not None else min(ended, default=None)
    signs = desk.signs(task)
    times = [at for at in [*signs, last] if at is not None and (last is None or at <= last)]
    longest = max((later - at for at, later in pairwise(times)), default=0.0)
    if longest > lease:
        trial.note(Fault.NO_HEARTBEAT, seconds=round(longest, 1), lease=lease)


def _went_on(trial: Trial, task: TaskItem, told: int) -> None:
    still = trial.desk.of(task, told)
    if still:
        names = ", ".join(dict.fromkeys(command.name for command in still))
        trial.note(Fault.IGNORES_WITHDRAWAL, what=names)


def _each_once(found: Sequence[Finding]) -> list[Finding]:
    """The first of each fault."""
    return list({each.fault: each for each in reversed(found)}.values())[::-1]
