"""Finds the MongoDB that the local runner uses, or starts SecantusDB."""

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pymongo
from pymongo.errors import PyMongoError

from civicgrid.local import processes
from civicgrid.local.errors import LocalError
from civicgrid.local.install import Say, secantus_program
from civicgrid.local.locks import locked
from civicgrid.local.ports import free_port
from civicgrid.local.probe import without_password

_START_SECONDS = 60.0
_PING_MS = 3000


class EmbeddedStore:
    """SecantusDB as a separate process, with its data in `folder`; loopback only."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.pid_file = self.folder / "secantus.pid"
        self.log = self.folder / "secantus.log"
        self.port = self._read_port()

    @property
    def url(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}/"

    @property
    def running(self) -> bool:
        """Whether its process runs (it may still be starting, or be frozen)."""
        return processes.running(self.pid_file) is not None

    def start(self, say: Say = lambda _line: None) -> None:
        """Start it (install it first when missing) and wait until it answers a ping."""
        program = secantus_program(say)
        try:
            if not self.running:
                self._launch(program)
            self._await_answer()
        except BaseException:  # Ctrl-C too: nothing is left behind
            self.stop()
            raise

    def stop(self) -> None:
        """Stop it gracefully (killed after 20 s)."""
        processes.stop(self.pid_file, 20)

    def kill9(self) -> None:
        """SIGKILL it, as a crash would."""
        processes.kill(self.pid_file)

    def restart(self) -> None:
        """Stop (when running) and start again, with the same data and port."""
        self.stop()
        self.start()

    def freeze(self) -> None:
        """SIGSTOP: connections stay open, nothing answers."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT after `freeze`."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        process = processes.running(self.pid_file)
        if process is None:
            raise LocalError(f"the store in {self.folder} does not run", "start it first")
        process.send_signal(number)

    def _launch(self, program: Path) -> None:
        # A configuration of its own: without one the program looks for files in the user's home.
        config = self.folder / "secantusd.toml"
        config.write_text("")
        command = [
            str(program), "--config", str(config), "--standalone", "--sync-on-commit",
            "--host", "127.0.0.1", "--port", str(self.port),
            "--storage-path", str(self.folder / "data"), "--log-level", "WARNING",
        ]  # fmt: skip
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        processes.start(command, env=env, log=self.log, pid_file=self.pid_file, cwd=self.folder)

    def _await_answer(self) -> None:
        processes.wait_until(
            lambda: not self.running or ping(self.url, 500) is None, _START_SECONDS
        )
        failure = ping(self.url)
        if failure is not None:
            said = processes.tail(self.log)
            raise LocalError(
                f"SecantusDB did not start on port {self.port} ({failure}):\n{said}",
                f"see {self.log}, or set MONGO_URL to a MongoDB server",
            )

    def _read_port(self) -> int:
        """Drawn once per folder, so that a restart finds the same clients."""
        note = self.folder / "port"
        self.folder.mkdir(parents=True, exist_ok=True)
        if not note.exists():
            note.write_text(str(free_port()))
        return int(note.read_text())


class Store:
    """A MongoDB-wire server that answers."""

    def __init__(self, url: str, own: EmbeddedStore | None = None) -> None:
        self.url = url
        self.own = own
        """Our own server, which may be killed and restarted; None for somebody else's."""

    def close(self) -> None:
        """Stop our own server; somebody else's is left alone."""
        if self.own is not None:
            self.own.stop()


def find_store(
    folder: Path, say: Say = lambda _line: None, environ: Mapping[str, str] = os.environ
) -> Store:
    """The server that `MONGO_URL` names, else SecantusDB in `folder`.

    Raises LocalError within seconds when `MONGO_URL` is given and does not answer.
    """
    url = environ.get("MONGO_URL")
    if not url:
        return embedded_store(folder, say)
    failure = ping(url)
    if failure is not None:
        raise LocalError(
            f"no database answered at MONGO_URL={without_password(url)}: {failure}",
            "start it or correct MONGO_URL; without MONGO_URL an embedded store is started here",
        )
    return Store(url)


def embedded_store(folder: Path, say: Say = lambda _line: None) -> Store:
    """SecantusDB in `folder`, started when it does not run."""
    with locked(folder / "start.lock"):
        server = EmbeddedStore(folder)
        if not server.running:
            say("Starting the embedded store ...")
        server.start(say)
    return Store(server.url, server)


def ping(url: str, milliseconds: int = _PING_MS) -> str | None:
    """None when the server answers within the time, else why not."""
    limits: dict[str, Any] = {
        "serverSelectionTimeoutMS": milliseconds,
        "connectTimeoutMS": milliseconds,
        "socketTimeoutMS": milliseconds,
    }
    try:
        with pymongo.MongoClient[dict[str, Any]](url, **limits) as client:
            client.admin.command("ping")
    except (PyMongoError, ValueError) as error:
        return str(error).split(", Timeout:")[0]
    return None
