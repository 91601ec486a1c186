"""One folder per test run: whatever a run starts has its pid file below it.

So the run can stop everything at its end, and a later run what a killed one has left behind.
"""

import os
import shutil
import tempfile
from pathlib import Path

from civicgrid.local import LocalError, existing_broker, processes

_VARIABLE = "CIVICGRID_TEST_RUN"
VHOSTS = "vhosts.txt"
"""File below a run's folder with the names of the vhosts (and users) that it has made."""


def _home() -> Path:
    return Path(tempfile.gettempdir()) / f"civicgrid-tests-{os.getuid()}"


def create() -> Path:
    """Make this run's folder, known to worker processes by an environment variable."""
    home = _home()
    home.mkdir(exist_ok=True, mode=0o700)
    for left in home.glob("run-*"):
        if processes.running(left / "owner") is None:
            discard(left)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=home))
    processes.write_pid(folder / "owner", os.getpid())
    os.environ[_VARIABLE] = str(folder)
    return folder


def current() -> Path:
    """This run's folder."""
    return Path(os.environ[_VARIABLE])


def of_worker() -> Path:
    """The folder of this worker process (pytest-xdist), or of the only process."""
    folder = current() / os.environ.get("PYTEST_XDIST_WORKER", "only")
    folder.mkdir(exist_ok=True)
    return folder


def discard(folder: Path) -> None:
    """Stop what still runs below `folder`, delete its vhosts, remove it."""
    names = [name for each in folder.rglob(VHOSTS) for name in each.read_text().split()]
    processes.stop_all(folder, timeout=5)
    shutil.rmtree(folder, ignore_errors=True)
    if names:
        _delete_vhosts(names)


def _delete_vhosts(names: list[str]) -> None:
    try:
        broker = existing_broker()
    except LocalError:
        return  # the broker they were on is gone, and they with it
    if broker is not None:
        broker.delete(names, names)
