"""The verdict, from what dispatch has committed: no decision may lie outside a right's time."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.flow.rights.house import House
from tests.flow.rights.rounds import Right, Told
from tests.flow.rights.seen import Seen
from tests.support.stored import all_commits
from tests.support.twin import eventually

LONGEST_SECONDS, GIVEN_SECONDS = 1.0, 3.0
COMMAND = "dispatch.department-command"
RIGHTLESS = ("charter_revoked", "not_your_task", "assignment_is_over")


@dataclass
class Verdict:
    """``against`` are decisions outside of a right's time, ``denied`` refusals within it,
    ``astray`` cases that went to somebody else than who led for them."""

    against: list[str] = field(default_factory=list)
    denied: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    closest: float = float("inf")
    taken_away: list[float] = field(default_factory=list)


class Judge:
    """Goes through every commit of every case, in order."""

    def __init__(self, told: Told) -> None:
        self._told, self.verdict = told, Verdict()
        self._relied: dict[str, tuple[str, int] | None] = {}

    async def judge(self, house: House) -> Verdict:
        commits = await all_commits(house.dispatch)
        for commit in sorted(commits, key=lambda d: (d["aggregate"], d["version"])):
            self._commit(commit, datetime.fromisoformat(commit["at"]).timestamp())
        return self.verdict

    def _commit(self, commit: dict[str, Any], at: float) -> None:
        types = [event["type"] for event in commit["events"]]
        if commit["handler"] == COMMAND:
            self._command(commit, at, "command.refused.v1" in types)
        for event in commit["events"]:
            if event["type"] == "task.assigned.v1":
                self._assigned(commit["aggregate"], event["data"], at)
            if event["type"] == "task.revoked.v1":
                self._taken(commit["aggregate"], at)

    def _right(self, case: str) -> Right | None:
        relied = self._relied.get(case)
        return self._told.rights.get(relied) if relied is not None else None

    def _command(self, commit: dict[str, Any], at: float, refused: bool) -> None:
        code = commit["events"][0]["data"].get("code", "?") if refused else "accepted"
        self.verdict.outcomes[code] += 1
        right = self._right(commit["aggregate"])
        if right is None:
            return
        if not refused:
            self.verdict.closest = min(self.verdict.closest, right.ended - at)
            if at > right.ended:
                self._note(self.verdict.against, commit, at - right.ended)
        elif code == "charter_revoked" and at < right.asked:
            self._note(self.verdict.denied, commit, right.asked - at)

    def _assigned(self, case: str, data: dict[str, Any], at: float) -> None:
        charter = data["charter"]
        self._relied[case] = (charter["id"], charter["version"]) if charter else None
        right = self._right(case)
        if right is not None and at > right.ended:
            self.verdict.against.append(f"{case} was assigned {at - right.ended:.3f} s too late")
        if case in self._told.cases and data["assignment"] == 1:
            self._first(case, data["handler"]["id"], at)

    def _first(self, case: str, handler: str, at: float) -> None:
        slot, opened = self._told.cases[case]
        leads = {
            right.department
            for right in self._told.rights.values()
            if right.slot == slot and right.granted <= opened and at < right.asked
        }
        if leads and leads != {handler}:
            self.verdict.astray.append(f"{case} went to {handler}, {leads} leads")

    def _taken(self, case: str, at: float) -> None:
        right = self._right(case)
        if right is not None:
            self.verdict.taken_away.append(at - right.ended)

    def _note(self, into: list[str], commit: dict[str, Any], by: float) -> None:
        into.append(f"{commit['_id']} relied on {self._relied[commit['aggregate']]}: {by:.4f} s")


def percentile(values: list[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def too_slow(delays: dict[str, list[float]], slowness: float) -> dict[str, float]:
    """The paths of which the 99th percentile (of a few dozen the largest) is above a second; what
    is given, not cut off, may take three. On a machine twice as slow both are twice as long."""
    slow = {path: percentile(values, 0.99) for path, values in delays.items() if values}
    return {
        path: p99
        for path, p99 in slow.items()
        if p99 > slowness * (LONGEST_SECONDS if path.startswith("cut:") else GIVEN_SECONDS)
    }


async def reasons(told: Told, seen: Seen) -> Counter[str]:
    """Why the commands were refused that were sent after the right had ended: each is answered."""

    async def answered() -> bool:
        return all(command in seen.inbox[whose].answers for whose, command in told.tried)

    await eventually(answered)
    answers = [seen.inbox[whose].answers[command] for whose, command in told.tried]
    return Counter("accepted" if each["accepted"] else each["code"] for each in answers)


def show(seed: int, seconds: float, slowness: float, told: Told, verdict: Verdict) -> None:
    """The printed account."""
    console = Console(width=110)
    console.print(f"\nRights equal responsibility 权责一致, seed {seed}: {told.total} operations in"
                  f" {seconds:.0f} s")  # fmt: skip
    for what in (told.operations, told.rounds, verdict.outcomes):
        console.print("  " + ", ".join(f"{name} {n}" for name, n in sorted(what.items())))
    table = Table("path 途径", "n", "p50 ms", "p99 ms", "largest ms")
    for path, values in sorted(told.delays.items()):
        figures = (percentile(values, 0.5), percentile(values, 0.99), max(values))
        table.add_row(path, str(len(values)), *(f"{1000 * f:.0f}" for f in figures))
    console.print(table)
    console.print(
        f"  decided against the charter: {len(verdict.against)}; refused though in charge:"
        f" {len(verdict.denied)}; led astray: {len(verdict.astray)}\n"
        f"  the last accepted command came {1000 * verdict.closest:.1f} ms before its right"
        f" ended; a grant (three requests) took {percentile(told.granting, 0.5):.2f} s"
    )
    console.print(
        f"  evidence opened while the right lasted: {told.opened}; the machine was {slowness:.1f}"
        f" times as slow as the limits are meant for ({slowness * LONGEST_SECONDS:.1f} s to cut)"
    )
