"""Processes of the local runner: each leaves a pid file, so that another shell can stop it."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

import psutil

_POLL = 0.05


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    log: Path,
    pid_file: Path,
    cwd: Path | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own (Ctrl-C in a terminal does not reach it).

    Output is appended to `log`. `pid_file` also holds the start time, so that a pid that the
    system has given to another program in the meantime is never taken for ours.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        child = subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    write_pid(pid_file, child.pid)
    return child


def write_pid(pid_file: Path, pid: int) -> None:
    """Note a living process in `pid_file`."""
    pid_file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(psutil.NoSuchProcess):
        note = {"pid": pid, "created": psutil.Process(pid).create_time()}
        fresh = pid_file.with_suffix(f".{os.getpid()}.new")
        fresh.write_text(json.dumps(note))
        fresh.replace(pid_file)


def running(pid_file: Path) -> psutil.Process | None:
    """The process that `pid_file` names, when it still runs."""
    try:
        note = json.loads(pid_file.read_text())
        process = psutil.Process(note["pid"])
        same = abs(process.create_time() - note["created"]) < 1
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (FileNotFoundError, ValueError, KeyError, TypeError, psutil.NoSuchProcess):
        return None  # gone, or not written by us: RabbitMQ has pid files of its own


def stop(pid_file: Path, timeout: float = 10) -> bool:
    """Ask the process to end (SIGTERM), kill it and its children after `timeout` seconds.

    Returns whether there was anything to stop. The pid file is gone afterwards.
    """
    process = running(pid_file)
    if process is not None:
        tree = _tree(process)
        _signal([process], signal.SIGCONT)
        _signal([process], signal.SIGTERM)
        psutil.wait_procs([process], timeout=timeout)
        _kill(tree)
    pid_file.unlink(missing_ok=True)
    return process is not None


def kill(pid_file: Path) -> None:
    """SIGKILL the process and its children, and wait until they are gone."""
    process = running(pid_file)
    if process is not None:
        _kill(_tree(process))
    pid_file.unlink(missing_ok=True)


def stop_all(folder: Path, timeout: float = 10) -> int:
    """Stop every process that has a pid file anywhere below `folder`; returns how many."""
    return sum(stop(each, timeout) for each in sorted(folder.rglob("*.pid")))


def wait_until(ready: Callable[[], bool], timeout: float, pause: float = _POLL) -> bool:
    """Ask `ready` again and again; False when it has not come true within `timeout` seconds."""
    limit = time.monotonic() + timeout
    while not ready():
        if time.monotonic() > limit:
            return False
        time.sleep(pause)
    return True


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log file, for an error message."""
    try:
        text = log.read_text(errors="replace")
    except FileNotFoundError:
        return "(no log)"
    return "\n".join(text.splitlines()[-lines:]) or "(empty log)"


@contextlib.contextmanager
def exit_on_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP leave the block as Ctrl-C does, so that clean-up code runs."""

    def leave(number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt(signal.Signals(number).name)

    before = {each: signal.signal(each, leave) for each in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]


def _signal(processes: Sequence[psutil.Process], number: int) -> None:
    for each in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.send_signal(number)


def _kill(processes: Sequence[psutil.Process]) -> None:
    _signal(processes, signal.SIGKILL)
    psutil.wait_procs(list(processes), timeout=10)
