"""A test run that was killed leaves nothing that the next run does not clear away."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from civicgrid.local import Broker
from tests.support.data import ROOT

KILLED_RUN = """
import os, signal, sys
from pathlib import Path
from civicgrid.local import embedded_store, existing_broker
from tests.support import run_dir
from tests.support.infra import VhostPool
folder = run_dir.create()
store = embedded_store(run_dir.of_worker() / "store")
print(folder, store.own.pid_file.read_text())
broker = existing_broker()
if broker is not None:
    VhostPool(broker, run_dir.of_worker()).take()
sys.stdout.flush()
os.kill(os.getpid(), signal.SIGKILL)
"""
NEXT_RUN = "from tests.support import run_dir; run_dir.discard(run_dir.create())"


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    env["TMPDIR"] = str(folder)
    command = [sys.executable, "-c", program]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=50
    )


def test_the_next_run_clears_away_what_a_killed_one_left(tmp_path: Path, broker: Broker) -> None:
    killed = run(KILLED_RUN, tmp_path)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    left, note = killed.stdout.split(" ", 1)
    pid = int(note.split('"pid": ')[1].split(",")[0])
    assert psutil.pid_exists(pid)
    vhosts = [name for each in Path(left).rglob("vhosts.txt") for name in each.read_text().split()]
    assert bool(vhosts) is (broker.own is None)
    done = run(NEXT_RUN, tmp_path)
    assert done.returncode == 0, done.stderr
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    assert not Path(left).exists()
