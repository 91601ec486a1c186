"""The departments' door: desk, inbox and pump of one running gateway."""

import asyncio
from functools import partial

from gateway.adapters.leases import Leases
from gateway.adapters.lines import Lines, RabbitLines
from gateway.adapters.vault import IntakeVault
from gateway.background import Pump, read_commands
from gateway.commands.desk import Desk
from gateway.domain.rows import INBOX
from gateway.settings import GatewaySettings
from gateway.views.inbox import Inbox
from service_kit.runtime import Runtime


def held_queue(department: str) -> str:
    """Under which name a department's unreadable commands are held."""
    return f"commands-of:{department}"


class Door:
    """Made once per runtime; ``run`` is its background."""

    def __init__(self, runtime: Runtime) -> None:
        settings = runtime.settings
        assert isinstance(settings, GatewaySettings)
        self._runtime, self._settings = runtime, settings
        self._lines: Lines = runtime.extras.get("lines") or RabbitLines(settings.departments)
        logs = runtime.recorder.logs(INBOX)
        vault = IntakeVault(runtime.http, settings.peers["intake"])
        self.inbox = Inbox(runtime.database, logs, vault, runtime.load_world)
        self.desk = Desk(
            runtime.database, logs, runtime.edges.publisher, self._park, district=settings.district
        )
        self.leases = Leases(runtime.database, settings.lapse_seconds)
        for department in self._lines.departments:
            handler = partial(self._held_again, department)
            runtime.listener.handlers[held_queue(department)] = handler

    async def run(self) -> None:
        settings = self._settings
        pump = Pump(
            self.inbox, self.leases, self._lines,
            lapse_seconds=settings.lapse_seconds, poll=settings.poll_seconds,
        )  # fmt: skip
        async with asyncio.TaskGroup() as group:
            group.create_task(self.desk.run())
            group.create_task(pump.run())
            group.create_task(read_commands(self.desk, self._lines))

    async def _park(self, department: str, body: bytes, reason: str) -> None:
        await self._runtime.held.put(
            held_queue(department), department, body, reason=reason, status="parked", event=None
        )

    async def _held_again(
        self, department: str, queue: str, key: str, body: bytes, *, held: bool = False
    ) -> str:
        """An operator has a parked command tried again."""
        return await self.desk.take(department, body)


def door_of(runtime: Runtime) -> Door:
    """The runtime's door; the first call makes it."""
    if "door" not in runtime.extras:
        runtime.extras["door"] = Door(runtime)
    found = runtime.extras["door"]
    assert isinstance(found, Door)
    return found


async def run(runtime: Runtime) -> None:
    await door_of(runtime).run()
