"""docker-compose.yml: what keeps a deployment running and closed to others."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service_kit.vault import KeyRing
from tests.unit.deploy import compose

NAMES = sorted(compose.document()["services"])
ONE_SHOTS = {"provision"}
BLANK = "from-environment"
LOGIN = re.compile(r"://[^:/@\s]+:(?P<password>[^@]*)@")
SECRET_NAME = re.compile(r"PASS|SECRET|KEY|TOKEN")
NOT_SECRET = {"CIVICGRID_TOKEN_URL", "CIVICGRID_RATE_TOKEN"}


def strings(node: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the document, with its path."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from strings(value, f"{where}/{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from strings(value, f"{where}/{number}")
    else:
        yield where, str(node)


@pytest.mark.parametrize("name", NAMES)
def test_what_ends_is_started_again_and_what_hangs_is_seen(name: str) -> None:
    entry = compose.document()["services"][name]
    assert entry["logging"]["options"]["max-size"], "a log without bounds fills the disk"
    if name in ONE_SHOTS:
        assert entry["restart"] == "on-failure"
        return
    assert entry["restart"] == "unless-stopped"
    check = entry["healthcheck"]
    assert check["test"][0] == "CMD"
    assert {"interval", "timeout", "retries", "start_period"} <= set(check)


@pytest.mark.parametrize("name", NAMES)
def test_waits_for_what_it_needs(name: str) -> None:
    services = compose.document()["services"]
    for needed, how in services[name].get("depends_on", {}).items():
        wanted = "completed_successfully" if needed in ONE_SHOTS else "healthy"
        assert how == {"condition": f"service_{wanted}"}
        assert needed in ONE_SHOTS or "healthcheck" in services[needed]


def test_variables_are_all_required_and_say_what_they_are() -> None:
    for found in compose.VARIABLE.finditer(compose.text()):
        assert found["name"], f"{found[0]} has no braces"
        assert re.fullmatch(r":\?.{5,}", found["rest"]), f"{found[0]} may be left out"


def test_the_example_lists_every_variable_and_no_value() -> None:
    used = {found["name"] for found in compose.VARIABLE.finditer(compose.text())}
    listed = compose.variables(compose.EXAMPLE)
    assert set(listed) == used
    assert set(listed.values()) == {""}


def test_no_password_is_written_down() -> None:
    for where, value in strings(compose.document()["services"]):
        blanked = compose.VARIABLE.sub(BLANK, value)
        for login in LOGIN.finditer(blanked):
            assert login["password"] == BLANK, f"{where} holds a password"
        name = where.rpartition("/")[2]
        if SECRET_NAME.search(name) and name not in NOT_SECRET:
            assert only_variables(blanked), f"{where} is not from the environment alone"


def only_variables(blanked: str) -> bool:
    """A variable, or a JSON object of them."""
    if not blanked.startswith("{"):
        return blanked == BLANK
    return set(json.loads(blanked).values()) == {BLANK}


def test_the_documented_command_draws_every_secret(tmp_path: Path) -> None:
    drawn = compose.draw_secrets(tmp_path)
    empty = {name for name, value in drawn.items() if not value}
    assert empty == set(compose.BY_HAND)
    secrets = [value for value in drawn.values() if value]
    assert len(set(secrets)) == len(secrets)
    for vault in ("INTAKE_VAULT_KEYS", "REGISTRY_VAULT_KEYS", "DISPATCH_VAULT_KEYS"):
        KeyRing.parse(drawn.pop(vault))
    assert all(re.fullmatch(r"[0-9a-f]{48}", value) for value in drawn.values() if value)
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0


def test_images_are_pinned() -> None:
    for name, entry in compose.document()["services"].items():
        if "build" not in entry:
            tag = entry["image"].rpartition(":")[2]
            assert re.match(r"v?\d+\.\d+", tag), f"{name}: {entry['image']}"


def test_broker_and_store_can_be_reached_by_the_services_only() -> None:
    found = compose.document()
    assert found["networks"]["data"] == {"internal": True}
    for name in ("rabbitmq", "mongo"):
        assert found["services"][name]["networks"] == ["data"]
        assert "ports" not in found["services"][name]


def test_nothing_is_published_beyond_this_machine() -> None:
    published = [
        port for entry in compose.document()["services"].values() for port in entry.get("ports", [])
    ]
    assert len(published) == 9
    assert all(port.startswith("127.0.0.1:") for port in published)
    assert len(set(published)) == len(published)


@pytest.mark.parametrize("name", NAMES)
def test_files_it_mounts_are_in_the_repository(name: str) -> None:
    entry = compose.entries(compose.stand_in_environ())[name]
    for path in entry.mounted().values():
        assert path.exists(), f"{name} mounts {path.relative_to(compose.ROOT)}"
    volumes = [v.split(":")[0] for v in entry.raw.get("volumes", []) if not v.startswith(".")]
    assert set(volumes) <= set(compose.document()["volumes"])


def test_our_services_cannot_change_their_own_code() -> None:
    for name, entry in compose.ours(compose.stand_in_environ()).items():
        assert entry.raw["read_only"], name
        assert entry.raw["cap_drop"] == ["ALL"], name
        assert entry.raw["security_opt"] == ["no-new-privileges:true"], name


def test_the_image_needs_no_file_of_the_repository_but_what_is_mounted() -> None:
    for entry in compose.entries(compose.stand_in_environ()).values():
        for value in (*entry.command, *entry.environment.values()):
            assert str(compose.ROOT) not in value
            assert not re.search(r"(?<![\w:/])/etc/civicgrid/\S+", value) or any(
                Path(value).is_relative_to(inside) for inside in entry.mounted()
            )
