"""Starts, watches and stops a set of named server processes."""

import contextlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx

from civicgrid.local import processes
from civicgrid.local.errors import LocalError
from civicgrid.local.install import Say
from civicgrid.local.ports import is_free, listener

FREED_SECONDS = 5.0
SAID_SECONDS, SAID_AT_MOST = 10.0, 2_000
State = Literal["ready", "not ready", "stopped"]


@dataclass(frozen=True)
class Service:
    """A process to run: it answers 200 at `http://host:port/readyz` when it is ready."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    port: int
    host: str = "127.0.0.1"
    ready_path: str = "/readyz"


@dataclass(frozen=True)
class Status:
    """How a service stands, as another shell sees it."""

    name: str
    state: State
    pid: int | None
    url: str
    log: Path


@dataclass(frozen=True)
class _Note:
    """What `down` and `status` of another shell need to know; no environment, no secret."""

    name: str
    url: str
    ready_path: str


class Supervisor:
    """Services of one folder: `<name>.log`, `<name>.pid` and `<name>.json` for each.

    As a context manager it stops everything it finds there when the block is left, unless
    `detach` was called.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._attached = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._attached:
            self.stop()

    def detach(self) -> None:
        """Leave the services running when the block is left."""
        self._attached = False

    def start(
        self, services: Sequence[Service], *, timeout: float = 60, say: Say = lambda _line: None
    ) -> None:
        """Start all, and wait until all are ready.

        Raises LocalError naming every port in use (nothing is started then), or every service
        that is not ready after `timeout` seconds with the last 20 lines of its log (everything
        is stopped then).
        """
        self.refuse_ports_in_use(services)
        try:
            for each in services:
                self._launch(each)
            self._await_ready(services, timeout, say)
        except BaseException:
            self.stop()
            raise

    def restart(self, service: Service, *, timeout: float = 60) -> None:
        """Start one again after it was stopped or killed, and wait until it is ready."""
        processes.stop(self.pid_file(service.name))
        # A killed process is a zombie before the last of its threads has let go of the port.
        processes.wait_until(lambda: is_free(service.port, service.host), FREED_SECONDS)
        self.refuse_ports_in_use([service])
        self._launch(service)
        self._await_ready([service], timeout, lambda _line: None)

    def kill9(self, name: str) -> None:
        """SIGKILL one service, as a crash would."""
        processes.kill(self.pid_file(name))

    def stop(self, timeout: float = 15) -> int:
        """Stop all gracefully and at once, kill what remains after `timeout` seconds.

        Works from another shell too. Returns how many were running.
        """
        files = sorted(self.folder.glob("*.pid"))
        with ThreadPoolExecutor(max(1, len(files))) as pool:
            return sum(pool.map(lambda each: processes.stop(each, timeout), files))

    def status(self) -> list[Status]:
        """Every service that was started in this folder, by name."""
        notes = [_Note(**json.loads(f.read_text())) for f in sorted(self.folder.glob("*.json"))]
        return [self._status(each) for each in notes]

    def pid_file(self, name: str) -> Path:
        return self.folder / f"{name}.pid"

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _status(self, note: _Note) -> Status:
        process = processes.running(self.pid_file(note.name))
        state: State = "stopped"
        if process is not None:
            state = "ready" if _answers(note.url + note.ready_path) else "not ready"
        pid = process.pid if process else None
        return Status(note.name, state, pid, note.url, self.log(note.name))

    def _launch(self, service: Service) -> None:
        log = self.log(service.name)
        log.unlink(missing_ok=True)
        processes.start(
            service.command, env=service.env, log=log, pid_file=self.pid_file(service.name)
        )
        note = _Note(service.name, f"http://{service.host}:{service.port}", service.ready_path)
        (self.folder / f"{service.name}.json").write_text(json.dumps(asdict(note)))

    def refuse_ports_in_use(self, services: Sequence[Service]) -> None:
        """Raise LocalError naming every port that somebody else has."""
        taken = [each for each in services if not is_free(each.port, each.host)]
        if taken:
            lines = [f"port {s.port} (for {s.name}) is in use by {listener(s.port)}" for s in taken]
            raise LocalError("\n".join(lines), "stop it (`civicgrid down`?) or choose other ports")

    def _await_ready(self, services: Sequence[Service], timeout: float, say: Say) -> None:
        def ready(service: Service) -> bool:
            came = self._becomes_ready(service, timeout)
            say(f"{service.name}: {'ready' if came else 'NOT ready'}")
            return came

        with ThreadPoolExecutor(max(1, len(services))) as pool:
            came = list(pool.map(ready, services))
        failed = [each for each, ok in zip(services, came, strict=True) if not ok]
        if failed:
            told = [f"{each.name} did not become ready:\n{self._why(each)}" for each in failed]
            raise LocalError("\n".join(told), f"see the logs in {self.folder}")

    def _becomes_ready(self, service: Service, timeout: float) -> bool:
        url = _ready_url(service)
        pid_file = self.pid_file(service.name)
        processes.wait_until(
            lambda: processes.running(pid_file) is None or _answers(url), timeout, pause=0.2
        )
        return processes.running(pid_file) is not None and _answers(url)

    def _why(self, service: Service) -> str:
        """What it says of itself, if it still runs, and the end of its log."""
        gone = processes.running(self.pid_file(service.name)) is None
        said = "(it has ended)" if gone else _said(_ready_url(service))
        return f"{said}\n{processes.tail(self.log(service.name))}"


def _ready_url(service: Service) -> str:
    return f"http://{service.host}:{service.port}{service.ready_path}"


def _said(url: str) -> str:
    try:
        answer = httpx.get(url, timeout=SAID_SECONDS, trust_env=False)
    except httpx.HTTPError as error:
        return f"{url} does not answer: {type(error).__name__}"
    return f"{url} says {answer.status_code}: {answer.text[:SAID_AT_MOST]}"


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(url, timeout=2, trust_env=False).status_code == httpx.codes.OK
    return False
