"""What this machine has and lacks for a run."""

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from civicgrid.deployment.run import fixed_ports
from civicgrid.local import LocalError, existing_broker, handles, local_dir
from civicgrid.local.install import RABBIT_SERVER
from civicgrid.local.ports import is_free, listener
from civicgrid.local.probe import probe, without_password
from civicgrid.local.store import ping
from civicgrid.system import System

ENOUGH_DISK = 2 * 2**30


@dataclass(frozen=True)
class Check:
    """One thing looked at, and what to do when it is not as needed."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def examine(system: System, port_base: int) -> list[Check]:
    """Everything that a run needs of this machine."""
    return [
        _python(),
        *_broker(),
        _store(),
        _disk(),
        *_ports(system, port_base),
    ]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("Python", sys.version_info >= (3, 11), found, "3.11 or newer is needed")


def _broker() -> Iterator[Check]:
    try:
        broker = existing_broker()
    except LocalError as error:
        yield Check("RabbitMQ", False, error.what, error.remedy)
        return
    if broker is not None:
        version = probe(broker.amqp_url()).version
        where = without_password(broker.amqp_url())
        yield Check("RabbitMQ", True, f"{version} at {where}; vhosts can be made")
        room = broker.handles()
        if room is not None:
            yield Check(
                "its file handles", room.enough, str(room), "" if room.enough else handles.REMEDY
            )
        return
    yield _own_broker()


def _own_broker() -> Check:
    installed = RABBIT_SERVER.exists()
    can_install = os.geteuid() == 0 and shutil.which("apt-get") is not None
    found = "none usable is running; a node of our own will be started"
    if not installed:
        found = "none usable is running, and the package rabbitmq-server is not installed"
    remedy = "" if installed else "it is installed by apt-get at the first start (as root)"
    if not installed and not can_install:
        remedy = "set AMQP_URL to a broker, or run as root on Debian with apt-get"
    return Check("RabbitMQ", installed or can_install, found, remedy)


def _store() -> Check:
    url = os.environ.get("MONGO_URL")
    if not url:
        installed = (local_dir() / "secantus" / ".installed").exists()
        found = "SecantusDB is installed" if installed else "SecantusDB is not installed yet"
        return Check("store", installed, found, "" if installed else "run `make setup`")
    failure = ping(url)
    return Check(
        "store",
        failure is None,
        f"MONGO_URL={without_password(url)}: {failure or 'answers'}",
        "start it or correct MONGO_URL; unset it for the embedded store" if failure else "",
    )


def _disk() -> Check:
    free = shutil.disk_usage(local_dir()).free
    remedy = f"free {ENOUGH_DISK / 2**30:.0f} GiB where {local_dir()} is"
    ok = free >= ENOUGH_DISK
    return Check("disk", ok, f"{free / 2**30:.1f} GiB free", "" if ok else remedy)


def _ports(system: System, base: int) -> Iterator[Check]:
    running = [each.name for each in system.supervisor.status() if each.state != "stopped"]
    if running:
        yield Check("ports", True, f"{len(running)} processes of this run have theirs")
        return
    wanted = fixed_ports(base, 1)
    taken = {name: port for name, port in wanted.items() if not is_free(port)}
    for name, port in taken.items():
        remedy = "stop it, or use `civicgrid up --port-base`"
        yield Check(f"port {port}", False, f"for {name}: taken by {listener(port)}", remedy)
    if not taken:
        yield Check("ports", True, f"{min(wanted.values())} to {max(wanted.values())} are free")
