import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from civicgrid.local import LocalError, Service, Supervisor, processes
from tests.support.ports import free_ports

STAND_IN = str(Path(__file__).with_name("stand_in.py"))


def stand_in(name: str, port: int, status: int = 200) -> Service:
    return Service(name, [sys.executable, STAND_IN, str(port), str(status)], os.environ, port)


def ends_at_once(name: str, port: int) -> Service:
    command = [sys.executable, "-c", "import sys; sys.exit('no such setting: COLOUR')"]
    return Service(name, command, os.environ, port)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    with Supervisor(tmp_path / "run") as made:
        yield made


def test_start_waits_until_all_are_ready(supervisor: Supervisor) -> None:
    one, two = free_ports(2)
    said: list[str] = []
    supervisor.start([stand_in("intake", one), stand_in("dispatch", two)], say=said.append)
    assert sorted(said) == ["dispatch: ready", "intake: ready"]
    assert [(s.name, s.state) for s in supervisor.status()] == [
        ("dispatch", "ready"),
        ("intake", "ready"),
    ]


def test_another_shell_sees_and_stops_them(supervisor: Supervisor) -> None:
    one, two = free_ports(2)
    supervisor.start([stand_in("intake", one), stand_in("dispatch", two)])
    other_shell = Supervisor(supervisor.folder)
    assert other_shell.stop() == 2
    assert {s.state for s in supervisor.status()} == {"stopped"}


def test_a_port_in_use_is_named_and_nothing_is_started(supervisor: Supervisor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        services = [stand_in("intake", free_ports(1)[0]), stand_in("dispatch", port)]
        with pytest.raises(LocalError, match=rf"port {port} \(for dispatch\) is in use by pid"):
            supervisor.start(services)
    assert supervisor.status() == []


def test_what_does_not_come_up_is_told_with_its_log_and_all_is_stopped(
    supervisor: Supervisor,
) -> None:
    one, two, three = free_ports(3)
    services = [
        stand_in("intake", one),
        stand_in("joint", two, status=503),
        ends_at_once("dispatch", three),
    ]
    with pytest.raises(LocalError) as caught:
        supervisor.start(services, timeout=3)
    assert "dispatch did not become ready:\n(it has ended)\nno such setting: COLOUR" in str(
        caught.value
    )
    told = f"joint did not become ready:\nhttp://127.0.0.1:{two}/readyz says 503: \nstand-in starts"
    assert told in str(caught.value)
    assert "intake did not" not in str(caught.value)
    assert {s.state for s in supervisor.status()} == {"stopped"}


def test_leaving_the_block_by_ctrl_c_stops_all(tmp_path: Path) -> None:
    (port,) = free_ports(1)

    def interrupted() -> None:
        with Supervisor(tmp_path) as supervisor:
            supervisor.start([stand_in("intake", port)])
            assert processes.running(tmp_path / "intake.pid") is not None
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert processes.running(tmp_path / "intake.pid") is None


def test_detached_services_go_on(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    with Supervisor(tmp_path) as supervisor:
        supervisor.start([stand_in("intake", port)])
        supervisor.detach()
    assert [s.state for s in supervisor.status()] == ["ready"]
    assert supervisor.stop() == 1


def test_one_service_can_be_killed_and_started_again(supervisor: Supervisor) -> None:
    (port,) = free_ports(1)
    service = stand_in("intake", port)
    supervisor.start([service])
    supervisor.kill9("intake")
    assert [s.state for s in supervisor.status()] == ["stopped"]
    supervisor.restart(service)
    assert [s.state for s in supervisor.status()] == ["ready"]
