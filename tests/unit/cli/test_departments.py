"""Connecting departments: who is to be connected, what is missing, what is remembered."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_bus.definitions import user
from case_bus.department_vhost import vhosts
from civicgrid.departments import connecting, rotating
from civicgrid.departments.files import Files, as_env, read
from civicgrid.departments.place import Place, login
from civicgrid.departments.plan import password_fits, wanted
from civicgrid.departments.registered import registered
from civicgrid.departments.retiring import retire
from civicgrid.local import LocalError
from civicgrid.local.admin import Admin, Definitions
from civicgrid.local.handles import Handles
from civicgrid.local.private import write_private
from tests.unit.cli.services import FakeServices

ROW = {
    "department": "parks",
    "name": {"zh": "园林局", "en": "Parks"},
    "in_force": [],
    "to_come": [],
}


class AdminOfNothing(Admin):
    """A broker that remembers what it was told to make and delete."""

    def __init__(self) -> None:
        self.made: list[Definitions] = []
        self.deleted: list[tuple[Sequence[str], Sequence[str]]] = []

    def import_definitions(self, definitions: Definitions) -> None:
        self.made.append(definitions)

    def delete(self, vhosts: Sequence[str], users: Sequence[str]) -> None:
        self.deleted.append((vhosts, users))

    def close_connections(self, user: str, why: str) -> None:
        raise AssertionError("nobody is connected")

    def definitions(self) -> Definitions:
        return {}

    def cluster(self) -> str:
        return "nothing"

    def handles(self) -> Handles | None:
        return None


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(
        name="lanhe",
        files=Files(tmp_path / "departments"),
        admin=AdminOfNothing(),
        broker="amqps://broker.example?cafile=/etc/ca.pem",
        gateway_broker="amqp://rabbitmq:5672",
        gateway_user="gateway",
        gateway_password="the gateway's",
        gateway_url="https://gateway.example",
        known={"roads": "drawn by somebody else"},
        token_url="https://issuer.example/oauth/token",
    )


async def test_a_registry_without_departments_says_what_to_do() -> None:
    services = FakeServices()
    services.on("GET registry /departments", [])
    async with services.api() as api:
        with pytest.raises(LocalError, match="knows no department") as raised:
            await registered(api)
    assert "civicgrid load-district" in str(raised.value)


async def test_entries_of_a_department_that_nobody_registered_are_named() -> None:
    services = FakeServices()
    strange = ROW | {"department": "dragons", "name": None, "in_force": ["charter:dragons:all"]}
    services.on("GET registry /departments", [ROW, strange])
    async with services.api() as api:
        with pytest.raises(LocalError, match=r"dragons \(charter:dragons:all\)") as raised:
            await registered(api)
    assert "registry charters revoke" in str(raised.value)


def test_what_is_there_is_not_missing_and_a_wrong_password_is(place: Place) -> None:
    first = wanted(place, "parks", {})
    assert {"vhosts", "users", "permissions", "line", "client", "credentials"} < set(first.missing)
    connecting.hand_over(place, first)
    there: Mapping[str, Any] = vhosts("lanhe", {"parks": first.password or ""}, gateway="gateway")
    second = wanted(place, "parks", there)
    assert second.missing == ()
    assert second.password == first.password
    changed = {**there, "users": [user("dept-lanhe-parks", "changed by somebody")]}
    assert wanted(place, "parks", changed).missing == ("users",)
    without = {**there, "bindings": there["bindings"][1:]}
    assert wanted(place, "parks", without).missing == ("bindings",)
    wider = {**there, "permissions": [{**p, "read": ".*"} for p in there["permissions"]]}
    assert wanted(place, "parks", wider).missing == ()  # the probes say it


def test_a_password_that_somebody_else_drew_is_used(place: Place) -> None:
    assert wanted(place, "roads", {}).password == "drawn by somebody else"


def test_over_http_only_it_gets_no_vhost_then_and_later(place: Place) -> None:
    first = wanted(place, "parks", {}, http_only=True)
    assert first.missing == ("client", "credentials")
    assert "CIVICGRID_AMQP_URL" not in first.variables
    connecting.hand_over(place, first)
    assert wanted(place, "parks", {}).missing == ()
    assert place.files.lines() == {}
    rotating.rotate(place, "parks")
    rotating.end_old(place, "parks")
    assert isinstance(place.admin, AdminOfNothing)
    assert place.admin.made == []
    connecting.hand_over(place, wanted(place, "roads", {}))
    with pytest.raises(LocalError, match="roads is connected over AMQP"):
        connecting.plans(place, ["roads"], ["roads"])


def test_addresses_are_each_partys_own_and_keep_their_options(place: Place) -> None:
    wish = wanted(place, "parks", {})
    assert wish.line == "amqp://gateway:the%20gateway%27s@rabbitmq:5672/dept-lanhe-parks"
    own = wish.variables["CIVICGRID_AMQP_URL"]
    assert own.startswith("amqps://dept-lanhe-parks:")
    assert own.endswith("@broker.example/dept-lanhe-parks?cafile=/etc/ca.pem")
    assert login("amqp://a:b@h", "v/w", "u", "p:@") == "amqp://u:p%3A%40@h/v%2Fw"


@given(st.text("abcXYZ019 $'\"\\%:/@+-_.", min_size=1, max_size=40))
def test_credentials_are_read_by_the_shell_as_they_were_written(value: str) -> None:
    text = as_env({"CIVICGRID_X": value})
    script = 'set -a; . /dev/stdin; printf %s "$CIVICGRID_X"'
    said = subprocess.run(
        ["sh", "-c", script], input=text, capture_output=True, text=True, check=True
    )
    assert said.stdout == value


def test_credentials_come_back_as_they_were_written(tmp_path: Path) -> None:
    files, said = Files(tmp_path), {"CIVICGRID_A": "with a space", "CIVICGRID_B": "x=y"}
    write_private(files.credentials_file("parks"), as_env(said))
    assert files.credentials("parks") == said
    assert files.credentials_file("parks").stat().st_mode & 0o777 == 0o600
    assert files.departments() == ["parks"]


def test_a_file_that_is_no_json_object_is_named(tmp_path: Path) -> None:
    for text in ("{", "[]"):
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(LocalError, match=r"x\.json"):
            read(tmp_path / "x.json")


def test_passwords_are_compared_by_their_salted_sums() -> None:
    row = user("parks", "right")
    assert password_fits(row, "right")
    assert not password_fits(row, "wrong")


def test_who_is_not_connected_cannot_be_retired(place: Place) -> None:
    with pytest.raises(LocalError, match="parks is not connected"):
        retire(place, "parks", [], sure=True, dry_run=False)
