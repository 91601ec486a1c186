import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from civicgrid.local import processes

SLEEP = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('up', flush=True); time.sleep(600)",
]
PARENT = [
    sys.executable,
    "-c",
    "import subprocess, sys, time;"
    "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print(c.pid, flush=True); time.sleep(600)",
]


def launch(folder: Path, command: list[str]) -> subprocess.Popen[bytes]:
    log = folder / "it.log"
    child = processes.start(command, env=os.environ, log=log, pid_file=folder / "it.pid")
    assert processes.wait_until(lambda: bool(log.read_text().strip()), 20)
    return child


def test_stop_ends_the_process_and_removes_its_pid_file(tmp_path: Path) -> None:
    child = launch(tmp_path, SLEEP)
    assert processes.running(tmp_path / "it.pid") is not None
    assert processes.stop(tmp_path / "it.pid")
    assert not psutil.pid_exists(child.pid)
    assert not (tmp_path / "it.pid").exists()


def test_stop_kills_what_ignores_sigterm(tmp_path: Path) -> None:
    launch(tmp_path, STUBBORN)
    process = processes.running(tmp_path / "it.pid")
    assert process is not None
    processes.stop(tmp_path / "it.pid", timeout=0.2)
    assert not process.is_running()


def test_stop_reaches_a_frozen_process(tmp_path: Path) -> None:
    child = launch(tmp_path, SLEEP)
    child.send_signal(signal.SIGSTOP)
    before = time.monotonic()
    assert processes.stop(tmp_path / "it.pid", timeout=20)
    assert time.monotonic() - before < 10
    assert not psutil.pid_exists(child.pid)


def test_children_do_not_outlive_their_parent(tmp_path: Path) -> None:
    launch(tmp_path, PARENT)
    grandchild = psutil.Process(int((tmp_path / "it.log").read_text()))
    processes.stop(tmp_path / "it.pid")
    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_a_pid_that_now_belongs_to_another_program_is_left_alone(tmp_path: Path) -> None:
    pid_file = tmp_path / "it.pid"
    pid_file.write_text(f'{{"pid": {os.getpid()}, "created": 1.0}}')
    assert processes.running(pid_file) is None
    assert not processes.stop(pid_file)


@pytest.mark.parametrize("content", ["", "x", "{}", "1"])
def test_a_broken_pid_file_means_not_running(tmp_path: Path, content: str) -> None:
    (tmp_path / "it.pid").write_text(content)
    assert processes.running(tmp_path / "it.pid") is None


def test_stop_all_finds_pid_files_in_subfolders(tmp_path: Path) -> None:
    launch(tmp_path / "a", SLEEP)
    launch(tmp_path / "b" / "c", SLEEP)
    assert processes.stop_all(tmp_path) == 2
    assert processes.stop_all(tmp_path) == 0


def test_wait_until_gives_up(tmp_path: Path) -> None:
    assert not processes.wait_until(lambda: False, 0.1)


def test_tail_shows_the_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    assert processes.tail(log) == "(no log)"
    log.write_text("\n".join(str(n) for n in range(100)))
    assert processes.tail(log, 2) == "98\n99"


def test_sigterm_leaves_the_block_like_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt, match="SIGTERM"), processes.exit_on_signals():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before
