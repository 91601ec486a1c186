"""Installs what a broker and a store of our own need: Debian's RabbitMQ, SecantusDB from PyPI."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from civicgrid.local.errors import LocalError
from civicgrid.local.locks import locked
from civicgrid.local.paths import checkout, local_dir

Say = Callable[[str], None]

RABBIT_SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""Debian's start script without its wrapper, which insists on the system's own node."""

_NO_BROKER = (
    "set AMQP_URL to a RabbitMQ (3.10 or newer) and RABBITMQ_MANAGEMENT_URL to its management"
    " address, or install the package rabbitmq-server"
)
_SOON = ("-o", "Acquire::http::Timeout=10", "-o", "Acquire::Retries=0")
_POLICY = Path("/usr/sbin/policy-rc.d")


def rabbitmq_server(say: Say) -> Path:
    """Path of RabbitMQ's start script, installed from Debian's packages when missing (root)."""
    with locked(local_dir() / "install.lock"):
        if not RABBIT_SERVER.exists():
            _install_rabbitmq(say)
    return RABBIT_SERVER


def _install_rabbitmq(say: Say) -> None:
    with _no_autostart():
        debian_packages(["rabbitmq-server"], "no RabbitMQ is usable", _NO_BROKER, say)


def debian_packages(names: Sequence[str], lacking: str, remedy: str, say: Say) -> None:
    """Install from the distribution's packages; LocalError says what is lacking and what to do."""
    apt = shutil.which("apt-get")
    if apt is None:
        raise LocalError(f"{lacking} and there is no apt-get to install it", remedy)
    if os.geteuid() != 0:
        raise LocalError(f"{lacking}, and installing it needs root", remedy)
    say(f"Installing {' '.join(names)} from the distribution's packages ...")
    if not _known(apt, names):
        _apt([apt, "update", "-q", *_SOON], remedy)
    if not _known(apt, names):
        raise LocalError(f"no package source offers {' '.join(names)}", remedy)
    _apt([apt, "install", "-y", "-q", "--no-install-recommends", *names], remedy)


def _known(apt: str, names: Sequence[str]) -> bool:
    plan = [apt, "install", "--print-uris", "-qq", "-y", "--no-install-recommends", *names]
    return subprocess.run(plan, capture_output=True, check=False).returncode == 0


def _apt(command: Sequence[str], remedy: str) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
    )
    if done.returncode != 0:
        last = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
        raise LocalError(f"`{' '.join(command)}` failed:\n{last}", remedy)


@contextlib.contextmanager
def _no_autostart() -> Iterator[None]:
    """Keep the package from starting the system's own node: we start one under `.local/`."""
    ours = not _POLICY.exists()
    if ours:
        _POLICY.write_text("#!/bin/sh\nexit 101\n")
        _POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            _POLICY.unlink(missing_ok=True)


def secantus_program(say: Say) -> Path:
    """Path of `secantusd-py`, installed into a virtual environment of its own when missing.

    Its own, because it is GPL software that our code must not be able to import, and because
    what it needs must not change what our lock file pins.
    """
    folder = local_dir() / "secantus"
    wanted = checkout() / "requirements-secantus.txt"
    stamp = folder / ".installed"
    with locked(local_dir() / "install.lock"):
        if not stamp.exists() or stamp.read_text() != wanted.read_text():
            say("Installing SecantusDB, the embedded store ...")
            _install_secantus(folder, wanted)
            stamp.write_text(wanted.read_text())
        stamp.touch()
    return folder / "bin" / "secantusd-py"


def _install_secantus(folder: Path, wanted: Path) -> None:
    pip = [str(folder / "bin" / "pip"), "install", "-q", "--disable-pip-version-check"]
    for command in ([sys.executable, "-m", "venv", str(folder)], [*pip, "-r", str(wanted)]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
            raise LocalError(
                f"SecantusDB could not be installed (`{' '.join(command)}`):\n{last}",
                "make PyPI reachable for pip, or set MONGO_URL to a MongoDB server",
            )
