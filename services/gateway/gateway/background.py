"""What the gateway does by itself: fills inboxes, and reads commands from each vhost."""

import asyncio
import contextlib
from collections.abc import Sequence
from functools import partial

import structlog
from aiormq.exceptions import AMQPError

from case_bus.port import Delivery, Outgoing, Publisher
from case_bus.topology import FROM_DEPARTMENT, TO_INBOX
from case_contracts.inbox import InboxItem
from gateway.adapters.leases import Leases
from gateway.adapters.lines import Line
from gateway.commands.desk import Desk
from gateway.metrics import HELD_BACK, ITEMS, LINE, SENT, WAITING
from gateway.switchboard import Opener
from gateway.views.inbox import Inbox, Waits
from service_kit.mongo import UNKNOWN_OUTCOME

log = structlog.get_logger()
PAGE = 64
PREFETCH = 64
LOOK_SHARE = 0.2
WAIT_SECONDS = 0.5
LATE_SECONDS = 0.05
LINE_DOWN_SECONDS = 2.0


class Pump:
    """Sends each department's log into its vhost, in order and at least once.

    A position moves only after every item up to it is confirmed; whoever takes a lapsed lease
    over begins at the position, so that items can come twice and never be missed.
    """

    def __init__(self, inbox: Inbox, leases: Leases, *, lapse_seconds: float, poll: float) -> None:
        self._inbox, self._leases = inbox, leases
        self._lapse, self._poll = lapse_seconds, poll
        self._positions: dict[str, int] = {}
        self._woken: dict[str, asyncio.Event] = {}
        self._joined = asyncio.Event()

    async def run(self) -> None:
        """Keep the leases of the departments that are filled, and wake them."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep_leases())
            group.create_task(self._watch())

    async def fill(self, department: str, publisher: Publisher) -> None:
        """Fill one inbox until cancelled; then another replica may go on at once."""
        self._woken[department] = asyncio.Event()
        self._joined.set()
        try:
            await self._department(department, publisher)
        finally:
            del self._woken[department]
            await publisher.close()
            await self._leases.release(department)

    async def _keep_leases(self) -> None:
        while True:
            self._joined.clear()
            try:
                await self._leases.look(self._woken)
            except UNKNOWN_OUTCOME as error:
                log.warning("leases_wait", error=type(error).__name__)
            await _either(self._joined, self._lapse * LOOK_SHARE)

    async def _watch(self) -> None:
        """Wake the departments whose logs have grown: at our own appends, or when we ask."""
        while True:
            grown = self._inbox.logs.grown()
            try:
                for department in await self._inbox.logs.next_of(self._positions):
                    if department in self._woken:  # its line may have closed meanwhile
                        self._woken[department].set()
            except UNKNOWN_OUTCOME as error:
                log.warning("pump_waits", error=type(error).__name__)
            await _either(grown, self._poll)

    async def _department(self, department: str, publisher: Publisher) -> None:
        while True:
            try:
                await self._while_ours(department, publisher)
            except UNKNOWN_OUTCOME as error:
                log.warning("pump_waits", department=department, error=type(error).__name__)
            except Exception:  # a fault of ours in one log must not stop the others
                log.exception("pump_failed", department=department)
                WAITING.labels(department, "fault").set(1)
                await asyncio.sleep(WAIT_SECONDS)
            finally:
                self._positions.pop(department, None)
            await asyncio.sleep(self._lapse * LOOK_SHARE / 2)

    async def _while_ours(self, department: str, publisher: Publisher) -> None:
        if not self._leases.mine(department):
            return
        position = self._positions[department] = await self._leases.position(department)
        while self._leases.mine(department):
            self._woken[department].clear()
            items = await self._next(department, position)
            if not items:
                await _either(self._woken[department], self._lapse * LOOK_SHARE)
                continue
            sent = await self._send(department, publisher, items)
            position += sent
            self._positions[department] = position
            ITEMS.labels(department).inc(sent)
            if sent and not await self._leases.advance(department, position):
                return
            SENT.labels(department).set(position)

    async def _next(self, department: str, position: int) -> list[InboxItem]:
        """The next items; while the first cannot be shown the pump keeps its place."""
        try:
            items = await self._inbox.page(department, position, PAGE)
        except Waits as wait:
            log.warning("pump_waits", department=department, reason=wait.reason)
            WAITING.labels(department, wait.reason).set(1)
            await asyncio.sleep(_pause(wait.reason))
            return []
        for reason in HELD_BACK:
            WAITING.labels(department, reason).set(0)
        return items

    async def _send(self, department: str, publisher: Publisher, items: Sequence[InboxItem]) -> int:
        """How many, from the first, are confirmed to be in the inbox. The others are looked up
        anew before they are sent again: meanwhile their rights may have gone."""
        outcomes = await publisher.publish([_message(each) for each in items])
        sent = next((n for n, error in enumerate(outcomes) if error is not None), len(items))
        failed = [error for error in outcomes if error is not None]
        WAITING.labels(department, "broker").set(1 if failed else 0)
        if failed:
            log.warning("inbox_waits", department=department, reason=failed[0].reason)
            await asyncio.sleep(WAIT_SECONDS)
        return sent


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Until the event, or for so long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _pause(reason: str) -> float:
    """A charter is a moment late, behind the task that relies on it; a vault is down."""
    return LATE_SECONDS if reason == "charter_unknown" else WAIT_SECONDS


def _message(item: InboxItem) -> Outgoing:
    headers = {"traceparent": item.traceparent} if item.traceparent else {}
    return Outgoing(TO_INBOX, "", item.model_dump_json().encode(), headers)


async def read_commands(desk: Desk, department: str, open_line: Opener) -> None:
    """Consume a department's commands; a vhost that cannot be reached is tried again."""
    while True:
        await _read_line(desk, department, open_line())
        await asyncio.sleep(LINE_DOWN_SECONDS)


async def _read_line(desk: Desk, department: str, line: Line) -> None:
    on_delivery = partial(_on_delivery, desk, department, line.user)
    try:
        await line.consumer.start(FROM_DEPARTMENT, on_delivery, PREFETCH)
        await _watch_line(line, department)
    except (AMQPError, OSError, RuntimeError) as error:
        log.warning("line_down", department=department, error=str(error))
    finally:
        LINE.labels(department).set(0)
        await line.consumer.close()


async def _watch_line(line: Line, department: str) -> None:
    """For ever: a broken connection is restored below; here its state is shown."""
    while True:
        LINE.labels(department).set(1 if line.consumer.healthy() else 0)
        await asyncio.sleep(LINE_DOWN_SECONDS)


async def _on_delivery(desk: Desk, department: str, user: str, delivery: Delivery) -> None:
    """A command from a vhost comes from its department; a name that the broker vouches for
    must be the department's user."""
    wrong = delivery.user is not None and delivery.user != user
    try:
        await desk.take(department, delivery.body, wrong_sender=wrong)
    except Exception:
        log.exception("command_comes_again", department=department)
        await delivery.nack()
        return
    await delivery.ack()
