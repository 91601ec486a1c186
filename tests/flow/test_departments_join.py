"""Departments are connected to a running system by their charters: planned, made once, rotated,
probed, swept up."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from case_bus.definitions import permission, user
from case_bus.department_vhost import vhost_name
from civicgrid import show
from civicgrid.commands.options import scenario_file
from civicgrid.departments import connecting
from civicgrid.deployment import Run
from civicgrid.deployment.run import drawn_ports
from civicgrid.loading import load_district
from civicgrid.local import Broker, LocalError, Store
from civicgrid.local.ports import free_ports
from civicgrid.local.processes import wait_until
from civicgrid.main import app
from civicgrid.system import System
from tests.flow import district
from tests.flow.joining import (
    HOSTED,
    JOINS,
    PATIENCE,
    Reading,
    can_enter,
    credentials,
    inbox,
    kept,
    on_broker,
    report,
    revoke,
    token_for,
    with_api,
)
from tests.support import run_dir

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def system(broker: Broker, store: Store) -> Iterator[System]:
    """Purged, it leaves nothing on the broker, also of a department that joined."""
    found = System(run_dir.of_worker() / "departments-join", broker, store)
    yield found
    place = found.place()
    asyncio.run(connecting.connect(place, connecting.plans(place, ["parks"])))
    assert any(row["name"] == place.vhost("parks") for row in broker.admin.definitions()["vhosts"])
    found.purge()
    there = broker.admin.definitions()
    left = [row["name"] for row in (*there["vhosts"], *there["users"]) if place.name in row["name"]]
    assert left == []


@pytest.fixture(scope="module")
def run(system: System, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One department is hosted; the other is registered, has a charter, and is not connected."""
    wish = replace(
        district.wish(scenario_file("departments-at-once.yaml")), departments=(HOSTED,), clock=None
    )
    started = system.start(wish, lambda _: None)
    folder = district.write(tmp_path_factory.mktemp("district"), district.files())
    asyncio.run(with_api(started, lambda api: load_district(api, folder)))
    return started


@pytest.fixture
def civicgrid(run: Run, system: System, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line, on the run of these tests and its broker."""
    monkeypatch.setattr("civicgrid.commands.departments.system", lambda _folder: system)
    monkeypatch.setattr(show.console, "_width", 200)

    def said(*arguments: str, answer: str | None = None) -> Result:
        where = ("--run-dir", str(system.folder))
        return CliRunner().invoke(app, ["departments", *arguments, *where], input=answer)

    return said


def test_a_run_with_a_hole_does_not_start(broker: Broker, store: Store) -> None:
    """A hosted department whose user may enter somebody else's vhost; nothing was started yet."""
    found = System(run_dir.of_worker() / "departments-hole", broker, store)
    wish = replace(district.wish(""), departments=(HOSTED,), clock=None)
    run = Run.new(
        wish.district,
        wish.departments,
        ports=drawn_ports(1, free_ports),
        amqp_url=broker.amqp_url(),
        mongo_url=store.url,
    )
    run.save(found.folder)
    name = vhost_name(run.id, HOSTED)
    stranger = {"users": [user(name, "replaced")], "permissions": [permission(name, "/")]}
    broker.import_definitions(stranger)
    try:
        with pytest.raises(LocalError, match=f"{HOSTED}: its user may enter the vhost /"):
            found.start(wish, lambda _: None)
        assert found.supervisor.status() == []
    finally:
        found.purge()


def test_a_dry_run_says_what_is_missing_and_touches_nothing(civicgrid: Any, system: System) -> None:
    before = kept(system)
    done = civicgrid("apply", "--dry-run")
    assert done.exit_code == 0, done.output
    row = next(line for line in done.stdout.splitlines() if JOINS in line)
    for missing in ("vhosts", "users", "permissions", "queues", "line", "client", "credentials"):
        assert missing in row
    assert kept(system) == before
    assert on_broker(system)["vhosts"] == []


def test_a_department_is_connected_while_the_system_runs(
    civicgrid: Any, run: Run, system: System
) -> None:
    done = civicgrid("apply")
    assert done.exit_code == 0, done.output
    said = credentials(system)
    assert said["CIVICGRID_DEPARTMENT"] == JOINS
    assert (system.folder / "departments" / f"{JOINS}.env").stat().st_mode & 0o777 == 0o600
    report(run, 1)
    with Reading(said["CIVICGRID_AMQP_URL"]) as inbox_read:
        inbox_read.until(1)
        assert inbox_read.items[0]["kind"] == "task.assigned"
        assert inbox(said)[0]["taskid"] == inbox_read.items[0]["taskid"]
    assert token_for(said) == 200


def test_applied_again_it_does_nothing(civicgrid: Any, system: System) -> None:
    before, there = kept(system), on_broker(system)
    done = civicgrid("apply")
    assert done.exit_code == 0, done.output
    assert "nothing to do" in done.output
    assert kept(system) == before
    assert on_broker(system) == there


def test_the_list_says_how_far_the_inbox_is_filled(civicgrid: Any) -> None:
    wait_until(lambda: "up 在用" in _row(civicgrid("list")), PATIENCE, pause=0.5)
    row = _row(civicgrid("list"))
    assert "up 在用" in row
    assert row.rstrip(" │").endswith("1")


def _row(done: Result) -> str:
    assert done.exit_code == 0, done.output
    return next(line for line in done.stdout.splitlines() if JOINS in line)


def test_another_password_while_it_is_connected_loses_nothing(
    civicgrid: Any, run: Run, system: System
) -> None:
    old = credentials(system)
    with Reading(old["CIVICGRID_AMQP_URL"]) as inbox_read:
        assert civicgrid("rotate", JOINS).exit_code == 0
        new = credentials(system)
        assert {key for key in old if old[key] != new[key]} == {
            "CIVICGRID_AMQP_URL",
            "CIVICGRID_CLIENT_SECRET",
        }
        report(run, 2)
        inbox_read.until(1)  # over the connection that was opened with the old password
        assert can_enter(new["CIVICGRID_AMQP_URL"])
        assert not can_enter(old["CIVICGRID_AMQP_URL"])
        assert [token_for(each) for each in (old, new)] == [200, 200]
        assert civicgrid("rotate", JOINS, "--close-old").exit_code == 0
        assert [token_for(each) for each in (old, new)] == [401, 200]
    report(run, 3)
    with Reading(new["CIVICGRID_AMQP_URL"]) as later:
        later.until(1)
    assert "nothing to do" in civicgrid("apply").output


def test_a_department_that_the_run_hosts_goes_on_with_its_new_password(
    civicgrid: Any, run: Run, system: System
) -> None:
    before = system.run().secrets.departments[HOSTED]
    assert civicgrid("rotate", HOSTED).exit_code == 0
    assert civicgrid("rotate", HOSTED, "--close-old").exit_code == 0
    assert system.run().secrets.departments[HOSTED] != before
    case = report(run, 1, district.POTHOLE).case
    tasks = f"/departments/{HOSTED}/tasks"

    def handled() -> bool:
        rows = asyncio.run(with_api(run, lambda api: api.get("department", tasks)))
        return any(row["case"] == case and row["state"] == "over" for row in rows)

    assert wait_until(handled, PATIENCE, pause=0.5)


def test_a_hole_is_named_and_the_department_is_not_connected(
    civicgrid: Any, system: System
) -> None:
    place = system.place()
    name = vhost_name(system.run().id, JOINS)
    wide = permission(name, name, write="^(commands|inbox.in)$", read="^inbox$")
    place.admin.import_definitions({"permissions": [wide]})
    lines = place.files.lines()
    place.files.save_lines({HOSTED: lines[HOSTED]})
    done = civicgrid("apply")
    assert isinstance(done.exception, LocalError)
    assert f"{JOINS}: its user may publish to the inbox" in str(done.exception)
    assert JOINS not in place.files.lines()
    right = permission(name, name, write="^commands$", read="^inbox$")
    place.admin.import_definitions({"permissions": [right]})
    assert civicgrid("apply").exit_code == 0
    assert place.files.lines() == lines


def test_a_broker_of_its_own_is_named_to_the_gateway_and_nothing_is_made(
    civicgrid: Any, system: System
) -> None:
    own, files = "amqps://gateway:secret@broker.water.example/water", system.place().files
    before, there = kept(system), on_broker(system)
    assert civicgrid("apply", "--broker", f"{JOINS}={own}").exit_code == 0
    assert files.lines()[JOINS] == own
    assert "own broker" in _row(civicgrid("apply", "--dry-run"))
    assert on_broker(system) == there
    strange = civicgrid("apply", "--broker", f"dragons={own}")
    assert "does not know dragons" in str(strange.exception)
    for path in set(kept(system)) - set(before):
        Path(path).unlink()
    assert civicgrid("apply").exit_code == 0
    assert kept(system) == before


def test_what_answers_for_something_is_not_deleted_and_what_does_not_is_on_demand(
    civicgrid: Any, run: Run, system: System
) -> None:
    refused = civicgrid("apply", "--retire", JOINS, "--yes")
    assert "still answers for charter:water" in str(refused.exception)
    asyncio.run(with_api(run, revoke))
    shown = civicgrid("apply")
    assert f"--retire {JOINS}" in shown.stdout
    assert on_broker(system)["vhosts"] != []
    assert civicgrid("apply", "--retire", JOINS, answer="n\n").exit_code == 1
    assert on_broker(system)["vhosts"] != []
    assert civicgrid("apply", "--retire", JOINS, answer="y\n").exit_code == 0
    assert {kind: rows for kind, rows in on_broker(system).items() if rows} == {}
    assert JOINS not in system.place().files.lines()
    assert not (system.folder / "departments" / f"{JOINS}.env").exists()
