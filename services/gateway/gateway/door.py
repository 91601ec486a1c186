"""The departments' door: desk, inbox and pump of one running gateway."""

import asyncio
from functools import partial

from gateway.adapters.addresses import AddressBook
from gateway.adapters.evidence import IntakeEvidence
from gateway.adapters.leases import Leases
from gateway.adapters.lines import Lines, RabbitLines
from gateway.adapters.vault import IntakeVault
from gateway.apart import Guard
from gateway.background import Pump, read_commands
from gateway.commands.desk import Desk
from gateway.domain.rows import INBOX
from gateway.metrics import forget
from gateway.settings import GatewaySettings
from gateway.switchboard import Opener, Switchboard
from gateway.views.evidence import TaskEvidence
from gateway.views.inbox import Inbox
from gateway.views.rights import Rights
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
        self._guard = Guard()
        book = AddressBook(settings.departments, settings.departments_file)
        self._lines: Lines = runtime.extras.get("lines") or RabbitLines(book)
        logs = runtime.recorder.logs(INBOX)
        intake, rights = settings.peers["intake"], Rights(runtime.database, runtime.load_world)
        self.inbox = Inbox(logs, IntakeVault(runtime.http, intake), rights)
        kept = IntakeEvidence(runtime.http, intake, seconds=settings.evidence_seconds)
        self.evidence = TaskEvidence(rights, kept)
        self.desk = Desk(
            runtime.database, logs, runtime.edges.publisher, self._park, district=settings.district
        )
        self.leases = Leases(runtime.database, settings.lapse_seconds)
        self._pump = Pump(
            self.inbox, self.leases,
            lapse_seconds=settings.lapse_seconds, poll=settings.poll_seconds,
        )  # fmt: skip

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self.desk.run())
            group.create_task(self._pump.run())
            group.create_task(Switchboard(self._lines, self._serve).run())

    async def _serve(self, department: str, open_line: Opener) -> None:
        """Fill a department's inbox and read its commands, until cancelled."""
        handlers = self._runtime.listener.handlers
        handlers[held_queue(department)] = partial(self._held_again, department)
        try:
            await self._guard.admit(department, open_line())
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump.fill(department, open_line().publisher))
                group.create_task(read_commands(self.desk, department, open_line))
        finally:
            self._guard.forget(department)
            forget(department)

    def details(self) -> dict[str, str]:
        """What is wrong with departments' lines, without stopping those that are in order."""
        told = {
            f"line of {department}": f"is not used: the gateway's user may {', '.join(holes)}"
            for department, holes in self._guard.holes.items()
        }
        wrong = self._lines.wrong
        return told | ({"departments_file": wrong} if wrong else {})

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


def details(runtime: Runtime) -> dict[str, str]:
    return door_of(runtime).details()


async def run(runtime: Runtime) -> None:
    await door_of(runtime).run()
