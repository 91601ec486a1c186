"""Each thing that is not as it should be is named within seconds, with what to do."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from civicgrid.local import LocalError, checkout, existing_broker, find_store, install
from civicgrid.local.admin import RabbitCtl
from civicgrid.local.probe import AmqpServer, without_password
from tests.support.ports import free_port as draw_port


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def no_rabbitmq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(install, "RABBIT_SERVER", tmp_path / "rabbitmq-server")
    monkeypatch.setattr(install, "local_dir", lambda: tmp_path)
    monkeypatch.setattr(install, "_POLICY", tmp_path / "policy-rc.d")


def test_a_named_broker_that_is_not_there() -> None:
    port = draw_port()
    with pytest.raises(LocalError, match="correct AMQP_URL") as caught:
        existing_broker({"AMQP_URL": f"amqp://ann:s3cret@127.0.0.1:{port}/"})
    assert f"127.0.0.1:{port}" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_named_broker_that_does_not_answer(silent_port: int) -> None:
    before = time.monotonic()
    with pytest.raises(LocalError, match="no answer within 5 s"):
        existing_broker({"AMQP_URL": f"amqp://127.0.0.1:{silent_port}/"})
    assert time.monotonic() - before < 10


def test_a_named_database_that_is_not_there(tmp_path: Path) -> None:
    url = f"mongodb://ann:s3cret@127.0.0.1:{draw_port()}/"
    before = time.monotonic()
    with pytest.raises(LocalError, match="correct MONGO_URL") as caught:
        find_store(tmp_path, environ={"MONGO_URL": url})
    assert "s3cret" not in str(caught.value)
    assert time.monotonic() - before < 10


def test_a_named_database_that_does_not_answer(tmp_path: Path, silent_port: int) -> None:
    before = time.monotonic()
    with pytest.raises(LocalError, match=f"MONGO_URL=mongodb://127.0.0.1:{silent_port}/"):
        find_store(tmp_path, environ={"MONGO_URL": f"mongodb://127.0.0.1:{silent_port}/"})
    assert time.monotonic() - before < 10


@pytest.mark.usefixtures("no_rabbitmq")
def test_no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/apt-get")
    with pytest.raises(LocalError, match="needs root") as caught:
        install.rabbitmq_server(print)
    assert "set AMQP_URL" in caught.value.remedy


@pytest.mark.usefixtures("no_rabbitmq")
def test_no_apt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(LocalError, match="no apt-get"):
        install.rabbitmq_server(print)


@pytest.mark.usefixtures("no_rabbitmq")
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("case $1 in update) exit 0;; *) exit 100;; esac", "no package source offers"),
        ("echo 'E: no network'; exit 100", "E: no network"),
    ],
)
def test_no_package_source(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, expected: str
) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text(f"#!/bin/sh\n{script}\n")
    apt.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _name: str(apt))
    with pytest.raises(LocalError, match=expected) as caught:
        install.rabbitmq_server(lambda _line: None)
    assert "set AMQP_URL" in caught.value.remedy
    assert not (tmp_path / "policy-rc.d").exists()


def test_not_a_checkout(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CIVICGRID_HOME", str(tmp_path))
    with pytest.raises(LocalError, match="set CIVICGRID_HOME"):
        checkout()


def test_rabbitmqctl_that_fails_says_why() -> None:
    def refuse(*args: str, **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(args, 69, "", "Only root or rabbitmq should run this")

    with pytest.raises(LocalError, match="Only root or rabbitmq"):
        RabbitCtl(refuse).cluster()


def test_names_cannot_smuggle_erlang() -> None:
    with pytest.raises(ValueError, match="not a name"):
        RabbitCtl().delete(['x">>], halt(), [<<"'], [])


@pytest.mark.parametrize(
    ("product", "version", "enough"),
    [
        ("RabbitMQ", "3.10.8", True),
        ("RabbitMQ", "4.1.0", True),
        ("RabbitMQ", "3.9.29", False),
        ("RabbitMQ", "", False),
        ("LavinMQ", "4.0.0", False),
    ],
)
def test_which_brokers_are_new_enough(product: str, version: str, *, enough: bool) -> None:
    assert AmqpServer("h", 5672, product, version, "c").new_enough is enough


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("amqp://a:b@h:1/v", "amqp://h:1/v"),
        ("mongodb://a:b@h1:1,h2:2/?x=y", "mongodb://h1:1,h2:2/?x=y"),
        ("mongodb://h/", "mongodb://h/"),
    ],
)
def test_urls_are_shown_without_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_an_export_that_a_vhost_being_deleted_has_spoilt_is_asked_for_again() -> None:
    spoilt = "{:badrpc, {:EXIT, {:badarg, []}}}"
    answers = [spoilt, spoilt, '{"vhosts": []}']

    def run(*args: str, **_: object) -> subprocess.CompletedProcess[str]:
        said = answers.pop(0) if answers else spoilt
        return subprocess.CompletedProcess(args, 0, stdout=said, stderr="")

    assert RabbitCtl(run).definitions() == {"vhosts": []}
    with pytest.raises(LocalError, match="badrpc"):
        RabbitCtl(run).definitions()
