"""docker-compose.yml's services on this machine: their command and environment, hosts replaced."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from civicgrid.local import Service
from tests.unit.deploy import compose
from tests.unit.deploy.compose import Entry

PROVISION_SECONDS = 60
LOAD_SECONDS = 300
"""For a whole district, on a slow machine with another test beside."""
_KEPT = ("HOME", "LANG", "LC_ALL", "TMPDIR")


@dataclass(frozen=True)
class Stage:
    """Where what the containers call by name is on this machine.

    ``replaced`` has each address as docker-compose.yml writes it; nothing else of a command or
    an environment is touched.
    """

    environ: Mapping[str, str]
    ports: Mapping[str, int]
    replaced: Mapping[str, str]

    def entry(self, name: str) -> Entry:
        return compose.entries(self.environ)[name]

    def service(self, name: str) -> Service:
        """One of our services, to be started."""
        entry = self.entry(name)
        env = self.environment(name) | {"CIVICGRID_HTTP_PORT": str(self.ports[name])}
        return Service(name, entry.command, env, self.ports[name])

    def environment(self, name: str) -> dict[str, str]:
        """Its environment and this machine's PATH, with our virtual environment as the image's."""
        entry = self.entry(name)
        found = {key: self._here(value, entry) for key, value in entry.environment.items()}
        kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return kept | found | {"PATH": path}

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run a one-shot to its end."""
        entry = self.entry(name)
        return subprocess.run(
            [self._here(word, entry) for word in entry.command],
            env=self.environment(name),
            capture_output=True,
            text=True,
            timeout=PROVISION_SECONDS,
            check=False,
        )

    def civicgrid(
        self, *arguments: str, addresses: Mapping[str, str], token: str
    ) -> subprocess.CompletedProcess[str]:
        """The command line, as an operator uses it on a system that it did not start."""
        env = {key: os.environ[key] for key in (*_KEPT, "PATH") if key in os.environ}
        env |= {"CIVICGRID_ADDRESSES": json.dumps(addresses), "CIVICGRID_TOKEN": token}
        command = [str(Path(sys.executable).with_name("civicgrid")), *arguments]
        return subprocess.run(
            command, env=env, capture_output=True, text=True, timeout=LOAD_SECONDS, check=False
        )

    def health(self, name: str, port: int | None = None) -> int:
        """Exit code of its health check, against its port here or the one given."""
        test = self.entry(name).raw["healthcheck"]["test"]
        where = f"127.0.0.1:{port or self.ports[name]}"
        command = [word.replace("127.0.0.1:8000", where) for word in test[1:]]
        env = self.environment(name)
        return subprocess.run(
            command, env=env, capture_output=True, timeout=20, check=False
        ).returncode

    def _here(self, value: str, entry: Entry) -> str:
        for inside, path in entry.mounted().items():
            value = value.replace(inside, str(path))
        for inside, outside in self.replaced.items():
            value = value.replace(inside, outside)
        return value


class Collector:
    """Stands in for the OpenTelemetry collector: counts what is sent to each path."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}
        seen = self.seen

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["content-length"]))
                seen[self.path] = seen.get(self.path, 0) + 1
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
