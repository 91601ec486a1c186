"""Kills one process of a running system: at named points, or at any moment."""

import asyncio
import contextlib

from civicgrid.deployment import Run
from civicgrid.local import LocalError, processes
from civicgrid.system import System
from service_kit.store.faults import VARIABLE, last_words

DIES_SECONDS = 180.0
"""Until the work comes that reaches the point: on a slow machine that takes a minute."""


class Killer:
    """Of one process, by its name in `civicgrid status`, which runs without a fault in the end,
    however this ends: what comes after it is not to find it dead."""

    def __init__(self, system: System, run: Run, name: str) -> None:
        self._system, self._run, self._name = system, run, name
        self._as_it_was = True

    async def __aenter__(self) -> "Killer":
        return self

    async def __aexit__(self, *_: object) -> None:
        if not self._as_it_was:
            await self.restart()

    async def at(self, point: str) -> None:
        """Start it anew with a fault, and wait until that has killed it."""
        await self.arm(point)
        await self.dead(point)

    async def arm(self, point: str) -> None:
        """Start it anew with a fault."""
        fault = {VARIABLE: f"{point}:1"}
        self._as_it_was = False
        with contextlib.suppress(LocalError):  # it may be dead before it is ready
            await asyncio.to_thread(self._system.restart, self._name, self._run, fault)

    async def dead(self, point: str) -> None:
        """Wait until the fault has killed it."""
        said = await asyncio.to_thread(self._last_words)
        assert last_words(point).strip() in said, f"{self._name} at {point}: {said[-2000:]}"

    async def now(self) -> None:
        """SIGKILL wherever it is."""
        self._as_it_was = False
        await asyncio.to_thread(self._system.supervisor.kill9, self._name)

    async def restart(self) -> None:
        """Start it without a fault."""
        await asyncio.to_thread(self._system.restart, self._name, self._run)
        self._as_it_was = True

    def _last_words(self) -> str:
        supervisor = self._system.supervisor
        pid_file = supervisor.pid_file(self._name)
        gone = processes.wait_until(lambda: processes.running(pid_file) is None, DIES_SECONDS)
        return ("" if gone else "(it lives) ") + processes.tail(supervisor.log(self._name), 5)
