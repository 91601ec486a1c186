"""What is remembered of connected departments, in files that only their owner can read.

``<department>.env`` its credentials, ``<department>.token`` a token, ``clients.json`` for the
issuer of a local run, ``brokers.json`` the departments with a broker of their own, and
``gateway/departments.json``, which the gateway follows: alone in its folder, so that a container
can be given that folder and sees later versions of the file.
"""

import json
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from civicgrid.local import LocalError
from civicgrid.local.locks import locked
from civicgrid.local.private import write_private

FOLDER, LINES = "departments", Path("gateway") / "departments.json"


class Files:
    def __init__(self, folder: Path, lines: Path | None = None) -> None:
        """``lines`` is where the gateway looks, by default below ``folder``."""
        self.folder = folder
        self.lines_file = lines or folder / LINES
        self.clients_file = folder / "clients.json"
        self._brokers = folder / "brokers.json"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While nobody else changes them: two that connect at once would draw two passwords."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(self.folder / "lock"):
            yield

    def credentials_file(self, department: str) -> Path:
        return self.folder / f"{department}.env"

    def token_file(self, department: str) -> Path:
        return self.folder / f"{department}.token"

    def lines(self) -> dict[str, str]:
        """The gateway's address of each department's vhost."""
        return {str(name): str(url) for name, url in read(self.lines_file).items()}

    def save_lines(self, lines: Mapping[str, str]) -> None:
        write_private(self.lines_file, _json(lines))

    def clients(self) -> dict[str, Any]:
        """The issuer's clients."""
        return read(self.clients_file)

    def save_clients(self, clients: Mapping[str, Any]) -> None:
        write_private(self.clients_file, _json(clients))

    def brokers(self) -> dict[str, str]:
        """Addresses at departments' own brokers."""
        return read(self._brokers)

    def save_brokers(self, brokers: Mapping[str, str]) -> None:
        write_private(self._brokers, _json(brokers))

    def credentials(self, department: str) -> dict[str, str]:
        """The variables of its credentials; none where there is no file yet."""
        file = self.credentials_file(department)
        if not file.is_file():
            return {}
        pairs = (line.partition("=") for line in file.read_text().splitlines() if "=" in line)
        return {name: "".join(shlex.split(value)) for name, _, value in pairs}

    def forget(self, department: str) -> None:
        """Delete its credentials and its token."""
        self.credentials_file(department).unlink(missing_ok=True)
        self.token_file(department).unlink(missing_ok=True)

    def departments(self) -> list[str]:
        """Those with credentials."""
        return sorted(each.stem for each in self.folder.glob("*.env"))


def as_env(values: Mapping[str, str]) -> str:
    """Lines for ``set -a; . file``; where no value has a space, for ``env $(cat file)`` too."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())


def read(file: Path) -> dict[str, Any]:
    """A JSON object; empty where there is no file. LocalError when it is none."""
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_text())
    except ValueError as error:
        raise LocalError(f"{file} cannot be read: {error}", "mend it, or delete it") from None
    if not isinstance(found, dict):
        raise LocalError(f"{file} is not a JSON object", "mend it, or delete it")
    return found


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=1, sort_keys=True) + "\n"
