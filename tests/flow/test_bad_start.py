"""What `civicgrid up` and `demo` say when something is not as needed; nothing is left running."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from civicgrid.local import Broker, Supervisor
from civicgrid.local.ports import free_ports

pytestmark = pytest.mark.timeout(240)
SECONDS = 150


def civicgrid(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "civicgrid.main", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


def nothing_left(folder: Path) -> bool:
    status = Supervisor(folder / "processes").status() if (folder / "processes").exists() else []
    return all(each.state == "stopped" for each in status)


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_broker_that_does_not_answer_is_named(tmp_path: Path, command: str) -> None:
    (port,) = free_ports(1)
    url = f"amqp://guest:guest@127.0.0.1:{port}/"
    done = civicgrid(command, "--run-dir", str(tmp_path / "run"), AMQP_URL=url)
    assert done.returncode == 1
    assert f"AMQP_URL=amqp://127.0.0.1:{port}/" in done.stderr
    assert "->" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_that_does_not_answer_is_named(tmp_path: Path, broker: Broker) -> None:
    (port,) = free_ports(1)
    done = civicgrid(
        "up", "--run-dir", str(tmp_path / "run"), MONGO_URL=f"mongodb://127.0.0.1:{port}/"
    )
    assert done.returncode == 1
    assert f"MONGO_URL=mongodb://127.0.0.1:{port}/" in done.stderr.replace("\n", "")
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_named_and_nothing_is_started(
    tmp_path: Path, broker: Broker, mongo_url: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = civicgrid(
            "up", "--run-dir", str(tmp_path / "run"), "--port-base", str(port), MONGO_URL=mongo_url
        )
    assert done.returncode == 1
    assert f"port {port} (for issuer) is in use by" in done.stderr.replace("\n", " ")
    assert "Preparing" not in done.stderr  # nor is anything made on the broker
    assert nothing_left(tmp_path / "run")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("load-district",), "civicgrid up"),
        (("status",), "civicgrid up"),
        (("verify",), "civicgrid up"),
        (("replay", "nowhere.ndjson"), "civicgrid up"),
        (("up", "nowhere"), "nowhere"),
        (("up", "--clock", "now"), "CIVICGRID_CLOCK"),
        (("check-store", "mongodb://127.0.0.1:1/"), "no server answers"),
        (("rebuild", "nobody"), "civicgrid up"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = civicgrid(*arguments, CIVICGRID_RUN_DIR=str(tmp_path / "run"))
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_replay_that_is_told_to_end_ends_in_order(tmp_path: Path) -> None:
    """Nobody answers at the address given, so the command waits between its tries."""
    line = '{"ref":"1","reported_at":"2026-01-05T00:00:00Z","channel":"web",'
    (tmp_path / "r.ndjson").write_text(line + '"matter":"part/a/b","text":"x"}\n')
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        named = f'{{"intake": "{url}", "dispatch": "{url}"}}'
        started = subprocess.Popen(
            [sys.executable, "-m", "civicgrid.main", "replay", str(tmp_path / "r.ndjson")],
            env={**os.environ, "CIVICGRID_ADDRESSES": named, "CIVICGRID_TOKEN": "t"},
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
        )
        mute.settimeout(SECONDS)
        mute.accept()[0].close()
        started.terminate()
        _, said = started.communicate(timeout=SECONDS)
    assert started.returncode == 130
    assert "Traceback" not in said
