"""An embedded store that asks for names and passwords, as the deployment's MongoDB does."""

import os
from pathlib import Path
from typing import Any

import pymongo

from civicgrid.local import processes
from civicgrid.local.install import secantus_program
from civicgrid.local.store import ping
from tests.support.ports import free_port

REPLICA_SET = "secantus"
"""What it calls itself to clients; the deployment's is rs0."""
START_SECONDS = 60.0


class SecuredStore:
    """Runs between ``start`` and ``stop``; ``admin`` is its first user."""

    def __init__(self, folder: Path, admin: str, password: str) -> None:
        self._folder, self.port = folder, free_port()
        self._admin, self._password = admin, password
        self._pid_file = folder / "secantus.pid"

    def start(self) -> None:
        """The first user can only be made while nobody is asked for a name."""
        self._run()
        with pymongo.MongoClient[dict[str, Any]](f"mongodb://127.0.0.1:{self.port}/") as client:
            made = {"createUser": self._admin, "pwd": self._password, "roles": ["root"]}
            client.admin.command(made)
        self.stop()
        self._run("--auth")

    def stop(self) -> None:
        processes.stop(self._pid_file, 20)

    def url(self, user: str, password: str, database: str) -> str:
        where = f"127.0.0.1:{self.port}/{database}"
        return f"mongodb://{user}:{password}@{where}?authSource={database}"

    def _run(self, *options: str) -> None:
        config = self._folder / "secantusd.toml"
        self._folder.mkdir(parents=True, exist_ok=True)
        config.write_text("")
        command = [
            str(secantus_program(lambda _line: None)), "--config", str(config), *options,
            "--sync-on-commit", "--host", "127.0.0.1", "--port", str(self.port),
            "--storage-path", str(self._folder / "data"), "--log-level", "WARNING",
        ]  # fmt: skip
        env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
        log = self._folder / "secantus.log"
        processes.start(command, env=env, log=log, pid_file=self._pid_file, cwd=self._folder)
        url = f"mongodb://127.0.0.1:{self.port}/"
        came = processes.wait_until(lambda: ping(url, 500) is None, START_SECONDS)
        assert came, processes.tail(log)
