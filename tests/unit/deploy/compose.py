"""docker-compose.yml as Compose reads it: merged, with variables from an environment."""

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from civicgrid.deployment.names import CONSOLE

ROOT = Path(__file__).resolve().parents[3]
FILE, EXAMPLE = ROOT / "docker-compose.yml", ROOT / ".env.example"
VARIABLE = re.compile(r"\$(?:\{(?P<name>\w+)(?P<rest>[^}]*)\}|(?P<bare>\w+))")
DEPARTMENT = "urban-management"
STORELESS = {CONSOLE}
"""Of ours, those that have neither a database nor a login at the broker."""

BY_HAND = {
    "CIVICGRID_DISTRICT": "lanhe",
    "CIVICGRID_JWKS_URL": "https://issuer.example.org/jwks.json",
    "CIVICGRID_ISSUER": "https://issuer.example.org",
    "CIVICGRID_TOKEN_URL": "https://issuer.example.org/token",
    "OIDC_ISSUER": "https://issuer.example.org",
    "OIDC_CLIENT": "civicgrid-console",
    "CONSOLE_URL": "https://pages.lanhe.example.org",
    "SMTP_HOST": "mail.example.org",
    "SMTP_PORT": "587",
    "SMTP_USER": "lanhe",
    "SMTP_PASSWORD": "of-the-mail-server",
    "SMTP_SENDER": "lanhe@example.org",
}
"""What .env.example leaves to a person."""


@dataclass(frozen=True)
class Entry:
    """One entry under ``services``, variables filled in."""

    name: str
    raw: Mapping[str, Any]
    command: list[str]
    environment: dict[str, str]

    @property
    def package(self) -> str | None:
        """The Python package that it runs, when it is one of our services."""
        return self.command[2] if self.command[:2] == ["python", "-m"] else None

    def mounted(self) -> dict[str, Path]:
        """Files and folders of the repository by their path in the container."""
        rows = [row.split(":") for row in self.raw.get("volumes", []) if row.startswith(".")]
        return {row[1]: ROOT / row[0] for row in rows}


def text() -> str:
    return FILE.read_text()


def document() -> dict[str, Any]:
    """The file, parsed, variables as they stand."""
    found: dict[str, Any] = yaml.safe_load(text())
    return found


def entries(environ: Mapping[str, str]) -> dict[str, Entry]:
    """Every entry, with variables from ``environ``."""
    return {name: _entry(name, raw, environ) for name, raw in document()["services"].items()}


def ours(environ: Mapping[str, str]) -> dict[str, Entry]:
    """The entries that run our services' code: seven services, the pages and a
    department."""
    return {name: each for name, each in entries(environ).items() if each.package}


def fill(value: str, environ: Mapping[str, str]) -> str:
    """Compose's interpolation, of the one form that we allow: ``${NAME:?why}``."""
    assert "$$" not in value
    return VARIABLE.sub(lambda found: environ[found["name"]], value)


def documented_command() -> str:
    """The command of .env.example that draws the secrets."""
    (line,) = [row for row in EXAMPLE.read_text().splitlines() if "sed -E" in row]
    return line.lstrip("# ")


def draw_secrets(folder: Path) -> dict[str, str]:
    """Run the documented command in ``folder`` and read the .env that it writes."""
    (folder / ".env.example").write_text(EXAMPLE.read_text())
    subprocess.run(["bash", "-c", documented_command()], cwd=folder, check=True, timeout=30)
    return variables(folder / ".env")


def variables(file: Path) -> dict[str, str]:
    rows = [row for row in file.read_text().splitlines() if row and not row.startswith("#")]
    return dict(row.split("=", 1) for row in rows)


@cache
def stand_in_environ() -> Mapping[str, str]:
    """Every variable with some value, for tests that start nothing."""
    drawn = {name: f"a-secret-of-{name.lower()}" for name in variables(EXAMPLE)}
    keys = {name: f"k1:{'A' * 43}=" for name in drawn if name.endswith("_VAULT_KEYS")}
    return drawn | keys | BY_HAND


def _entry(name: str, raw: Mapping[str, Any], environ: Mapping[str, str]) -> Entry:
    given = raw.get("environment", {})
    assert isinstance(given, dict), f"{name}: environment is a list; write it as a mapping"
    return Entry(
        name,
        raw,
        [fill(word, environ) for word in raw.get("command", [])],
        {key: fill(str(value), environ) for key, value in given.items()},
    )
