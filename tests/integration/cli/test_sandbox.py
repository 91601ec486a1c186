"""A sandbox as its own process, and departments as theirs: one from the template over AMQP, and
the one that speaks nothing but HTTP."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from civicgrid.local import Broker, checkout
from civicgrid.new_department import written
from civicgrid.sandbox.control import Sandbox, find
from tests.support import run_dir
from tests.support.twin import eventually

HTTP_ONLY = checkout() / "deploy" / "departments" / "http_only" / "department.py"
CIVICGRID = str(Path(sys.executable).with_name("civicgrid"))
MATTER = "part/utilities/manhole-cover"
WORK = "    evidence = await crew"
SLOW = """    while not __import__("pathlib").Path("go").exists():
        await __import__("asyncio").sleep(0.05)
"""


@contextmanager
def process(*command: str, cwd: Path, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    running = subprocess.Popen(command, cwd=cwd, env={**os.environ, **env})
    try:
        yield running
    finally:
        running.kill()
        running.wait()


@contextmanager
def sandbox(folder: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    with process(CIVICGRID, "sandbox", "parks", *options, "--run-dir", ".", cwd=folder) as running:
        try:
            yield running
        finally:
            running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0


@pytest.fixture
def folder() -> Path:
    """Below the run's folder: what is left of a killed sandbox is deleted with the run."""
    found = run_dir.of_worker() / f"sandbox-{uuid.uuid4().hex[:8]}"
    found.mkdir()
    return found


async def opened(folder: Path) -> Sandbox:
    await eventually(lambda: any((folder / "sandbox").glob("*/control.json")))
    found = find(folder / "sandbox", None)

    def answers() -> bool:
        try:
            return httpx.get(f"{found.url}/openapi.json").is_success
        except httpx.TransportError:
            return False

    await eventually(answers)
    return found


def credentials(folder: Path) -> Mapping[str, str]:
    text = (folder / "sandbox" / "parks" / "department.env").read_text()
    return dict(line.split("=", 1) for line in text.splitlines())


def cli(folder: Path, *command: str) -> str:
    done = ran(folder, *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ran(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    line = (CIVICGRID, "sandbox", *command, "--run-dir", ".")
    wide = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(line, cwd=folder, env=wide, capture_output=True, text=True, check=False)


def asked(box: Sandbox, department: str, token: str) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.get(f"{box.url}/departments/{department}/inbox", headers=headers)
    return answer.status_code, answer.json()["code"]


def told(box: Sandbox, task: str) -> Callable[[], dict[str, Any]]:
    def row() -> dict[str, Any]:
        rows = {each["taskid"]: each for each in box.ask("GET", "/tasks")}
        return dict(rows[task])

    return row


async def test_a_department_from_the_template_works_in_it_and_a_lease_lapses_by_the_clock(
    folder: Path, broker: Broker
) -> None:
    written("parks", ["part/*"], folder)
    service = folder / "parks" / "parks" / "service.py"
    text = service.read_text()
    service.write_text(text.replace(WORK, SLOW + WORK))
    with sandbox(folder, "--lease", "3s"):
        box = await opened(folder)
        env = credentials(folder)
        with process(sys.executable, "-m", "parks", cwd=folder / "parks", **env):
            task = cli(folder, "task", "--matter", MATTER).strip()
            row = told(box, task)
            await eventually(lambda: row()["beats"] > 1)
            assert row()["lapses"] == 0
            assert "lapsed" in cli(folder, "clock", "+2h")
            assert row()["lapses"] == 1
            await eventually(lambda: row()["state"] == "accepted")
            other = cli(folder, "task", "--matter", MATTER).strip()
            await eventually(lambda: told(box, other)()["accepted"])
            cli(folder, "withdraw", other)
            (folder / "parks" / "go").touch()
            await eventually(lambda: row()["outcome"] == "completed")
        assert row()["evidence"] == [f"evidence:{task}:photo-after"]
        assert "withdrawn" in cli(folder, "tasks")
        assert told(box, other)()["outcome"] == "withdrawn: charter_revoked"
        vhost = env["CIVICGRID_AMQP_URL"].rsplit("/", 1)[1]
        assert vhost in _names(broker, "vhosts")
    assert vhost not in _names(broker, "vhosts")
    assert vhost not in _names(broker, "users")
    assert not any((folder / "sandbox" / "parks").iterdir())


async def test_a_department_over_http_alone_works_in_it_too(folder: Path) -> None:
    with sandbox(folder, "--matter", MATTER):
        box = await opened(folder)
        env = credentials(folder)
        (task,) = [each["taskid"] for each in box.ask("GET", "/tasks")]
        row = told(box, task)
        assert "not accepted in time" in cli(folder, "clock", "+4h")
        state = {"STATE_FILE": str(folder / "state.json")}
        with process(sys.executable, str(HTTP_ONLY), cwd=folder, **env, **state):
            await eventually(lambda: row()["outcome"] == "completed")
        assert row()["lapses"] == 1
        assert asked(box, "parks", "stranger") == (401, "unauthenticated")
        assert asked(box, "water", box.token) == (404, "not_found")


async def test_a_killed_sandbox_is_cleaned_up_by_the_next_and_two_at_once_are_refused(
    folder: Path, broker: Broker
) -> None:
    with process(CIVICGRID, "sandbox", "parks", "--run-dir", ".", cwd=folder) as killed:
        await opened(folder)
        second = ran(folder, "parks")
        assert second.returncode == 1
        assert "runs already" in second.stderr
        left = credentials(folder)["CIVICGRID_AMQP_URL"].rsplit("/", 1)[1]
        killed.kill()
        killed.wait()
    assert left in _names(broker, "vhosts")
    (folder / "sandbox" / "parks" / "control.json").unlink()
    with sandbox(folder):
        await opened(folder)
        assert left not in _names(broker, "vhosts")


def _names(broker: Broker, kind: str) -> list[str]:
    return [each["name"] for each in broker.admin.definitions()[kind]]


@pytest.mark.parametrize("line", [("tasks",), ("clock", "+1h")])
def test_without_a_sandbox_the_commands_say_how_to_start_one(folder: Path, line: str) -> None:
    done = ran(folder, *line)
    assert done.returncode == 1
    assert "civicgrid sandbox NAME" in done.stderr
