"""Rounds: a right is granted, used without a break, and ends in one of several ways."""

import asyncio
import contextlib
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from tests.flow.rights.ground import STEADY, Slot, slots
from tests.flow.rights.house import House, TooLate, command_of
from tests.flow.rights.seen import Seen, link
from tests.integration.gateway.vhosts import DEPARTMENTS

KINDS = ("revoked", "revoked", "runs out", "narrowed", "renewed", "moved")
AFTERWARDS_SECONDS = 0.3
AT_ONCE = 3
SPARE_SECONDS = 1.5


Afterwards = Callable[[], Awaitable[None]]
"""What is left to do when the cut has been looked at."""


@dataclass
class Right:
    """One version of an entry, on its slot. ``granted``: when dispatch was seen to know it,
    ``asked``: before which nobody had asked for its end, ``ended``: when dispatch was seen to
    know of its end, or its time had come. Unix seconds."""

    department: str
    slot: Slot
    granted: float
    asked: float = float("inf")
    ended: float = float("inf")


@dataclass
class Told:
    """What the rounds have done and measured. ``opened`` counts photos that were seen while the
    right lasted, ``tried`` are the commands that were sent after it had ended, by department."""

    operations: Counter[str] = field(default_factory=Counter)
    rounds: Counter[str] = field(default_factory=Counter)
    rights: dict[tuple[str, int], Right] = field(default_factory=dict)
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    cases: dict[str, tuple[Slot, float]] = field(default_factory=dict)
    opened: int = 0
    tried: list[tuple[str, str]] = field(default_factory=list)
    granting: list[float] = field(default_factory=lambda: [3.0])

    def ahead(self) -> datetime:
        """A time to come, by which a grant decided now is sure to be known."""
        seconds = SPARE_SECONDS + 2 * max(self.granting[-20:])
        return datetime.now(UTC) + timedelta(seconds=seconds)

    @property
    def total(self) -> int:
        return sum(self.operations.values())


class Player:
    """Plays round after round, each on a slot of its own, until enough was done."""

    def __init__(self, house: House, seen: Seen, told: Told, random: Random, enough: int) -> None:
        self._house, self._seen, self._told = house, seen, told
        self._random, self._enough = random, enough
        self._free = slots()
        random.shuffle(self._free)
        self._ends: dict[str, Callable[[str, int, Right], Awaitable[Afterwards]]] = {
            "revoked": self._revoked,
            "runs out": self._runs_out,
            "narrowed": self._narrowed,
            "renewed": self._renewed,
            "moved": self._moved,
        }

    async def play(self) -> None:
        while self._told.total < self._enough:
            slot, kind = self._free.pop(), self._random.choice(KINDS)
            department = self._random.choice(DEPARTMENTS)
            try:
                await self._round(kind, slot, department)
                self._told.rounds[kind] += 1
            except TooLate:
                self._told.rounds["too late"] += 1
            self._free.insert(0, slot)

    async def steady(self) -> None:
        """The load in the background: tasks of a matter whose charter never changes."""
        while True:
            case = await self._house.open_case(Slot(STEADY, self._free[0].grid))
            item = await self._seen.inbox["um"].task_of(case)
            await self._say("um", item, "accept", 0)
            for number in range(1, 4):
                await self._say("um", item, "progress", number)
                await asyncio.sleep(self._random.uniform(0.2, 0.6))

    async def _round(self, kind: str, slot: Slot, department: str) -> None:
        charter = f"charter:{department}:{slot.name}"
        until = self._told.ahead() if kind == "runs out" else None
        version = await self._grant(charter, slot, department, valid_to=until)
        right = self._told.rights[charter, version]
        case = await self._opened(slot)
        item = await self._seen.inbox[department].task_of(case)
        heard = await self._seen.inbox[department].when("task.assigned", item)
        self._told.delays["granted: case in the inbox"].append(heard - right.granted)
        self._told.opened += await self._house.evidence(department, link(item)) == 200
        working = asyncio.create_task(self._work(department, item))
        try:
            await asyncio.sleep(self._random.uniform(0.1, 0.5))
            afterwards = await self._ends[kind](charter, version, right)
            at_once = asyncio.create_task(self._try(department, item))
            await self._cut(department, item, right.ended)
            await at_once
            await afterwards()
        finally:
            working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await working

    async def _grant(self, charter: str, slot: Slot, department: str, **more: Any) -> int:
        """The version, once dispatch knows it. Its right ends by itself at ``valid_to``."""
        times = {key: at.isoformat() for key, at in more.items() if isinstance(at, datetime)}
        entry = {
            "charter": charter, "department": department, "matters": [slot.matter],
            "grid": slot.grid, "role": "lead", "powers": ["repair"], "legal_basis": "list 2026",
            **{key: value for key, value in more.items() if value is not None}, **times,
        }  # fmt: skip
        asked = time.monotonic()
        version = await self._house.propose(entry)
        try:
            await self._house.grant(charter, version)
        except TooLate:
            await self._house.withdraw(charter, version)
            raise
        granted = await self._seen.applied.wait("granted", charter, version)
        self._told.granting.append(time.monotonic() - asked)
        until = more.get("valid_to")
        end = until.timestamp() if until is not None else float("inf")
        self._told.rights[charter, version] = Right(department, slot, granted, end, end)
        self._told.operations["grant"] += 1
        return version

    async def _revoke(self, charter: str, at: datetime | None = None) -> None:
        await self._house.revoke(charter, at)
        self._told.operations["revocation"] += 1

    async def _revoked(self, charter: str, version: int, right: Right) -> Afterwards:
        right.asked = time.time()
        await self._revoke(charter)
        right.ended = await self._seen.applied.wait("revoked", charter, version)
        return _nothing

    async def _runs_out(self, charter: str, version: int, right: Right) -> Afterwards:
        """Nothing is said when it ends: the time alone ends it."""
        await _until(right.ended)
        return _nothing

    async def _narrowed(self, charter: str, version: int, right: Right) -> Afterwards:
        """A newer version, in which the matter is no longer named."""
        right.asked = time.time()
        newer = await self._grant(
            charter, Slot(STEADY, right.slot.grid), right.department, role="support"
        )
        right.ended = self._told.rights.pop((charter, newer)).granted
        return partial(self._revoke, charter)

    async def _renewed(self, charter: str, version: int, right: Right) -> Afterwards:
        """A newer version of the same right: open tasks go on, until that is revoked."""
        newer = await self._grant(charter, right.slot, right.department, rate=7.5)
        await asyncio.sleep(self._random.uniform(0.1, 0.3))
        late = self._told.rights[charter, newer]
        right.asked = late.asked = time.time()
        await self._revoke(charter)
        right.ended = late.ended = await self._seen.applied.wait("revoked", charter, newer)
        return _nothing

    async def _moved(self, charter: str, version: int, right: Right) -> Afterwards:
        """To the other department, at a time that both have been told before."""
        at = self._told.ahead()
        right.asked = right.ended = at.timestamp()
        [other] = set(DEPARTMENTS) - {right.department}
        next_charter = f"charter:{other}:{right.slot.name}"
        await self._revoke(charter, at)
        newer = await self._grant(next_charter, right.slot, other, valid_from=at)
        late = self._told.rights[next_charter, newer]
        in_time, late.granted = late.granted <= right.ended, max(late.granted, right.ended)
        await _until(right.ended)

        async def afterwards() -> None:
            if in_time:
                await self._taken_over(right, other)
            late.asked = time.time()
            await self._revoke(next_charter)
            late.ended = await self._seen.applied.wait("revoked", next_charter, newer)

        return afterwards

    async def _taken_over(self, right: Right, other: str) -> None:
        """The task has gone to the other department, which can act on it."""
        [case] = [c for c, (slot, _) in self._told.cases.items() if slot == right.slot][-1:]
        item = await self._seen.inbox[other].task_of(case)
        heard = await self._seen.inbox[other].when("task.assigned", item)
        self._told.delays["moved: in the other's inbox"].append(heard - right.ended)
        await self._say(other, item, "accept", 0)

    async def _opened(self, slot: Slot) -> str:
        case = await self._house.open_case(slot)
        self._told.cases[case] = (slot, time.time())
        return case

    async def _work(self, department: str, item: dict[str, Any]) -> None:
        """Commands without a break, by both ways, whether one may or not."""
        number = 0
        while True:
            name = "accept" if number == 0 else "progress"
            await self._say(department, item, name, number)
            number += 1
            await asyncio.sleep(self._random.uniform(0.2, 0.6))

    async def _try(self, department: str, item: dict[str, Any]) -> None:
        """Commands at the very moment at which the right is known to have ended."""
        for number in range(10_000, 10_000 + AT_ONCE):
            await self._say(department, item, "progress", number)
            self._told.tried.append((department, command_of(item, "progress", number)["id"]))

    async def _say(self, department: str, item: dict[str, Any], name: str, number: int) -> None:
        by_http = self._random.random() < 0.5
        self._told.operations[f"command by {'HTTP' if by_http else 'AMQP'}"] += 1
        await self._house.say(department, command_of(item, name, number), by_http=by_http)

    async def _cut(self, department: str, item: dict[str, Any], ended: float) -> None:
        """Every way in which the department could see the task is cut."""
        delays = self._told.delays
        hidden, shut = await asyncio.gather(
            self._seen.hidden(department, item), self._seen.shut(department, item)
        )
        delays["cut: HTTP API, replayed"].append(hidden - ended)
        delays["cut: evidence link"].append(shut - ended)
        inbox = await self._seen.inbox[department].when("task.withdrawn", item)
        delays["cut: inbox (AMQP)"].append(inbox - ended)
        feed = await self._seen.feed[department].when("task.withdrawn", item)
        delays["cut: feed (HTTP long poll)"].append(feed - ended)
        await asyncio.sleep(AFTERWARDS_SECONDS)


async def _until(at: float) -> None:
    await asyncio.sleep(max(0.0, at - time.time()))


async def _nothing() -> None:
    return None
