"""A run on paper: names that do not meet, rights no wider than needed, secrets kept."""

import json
import re
from pathlib import Path

import pytest

from case_bus.topology import (
    COMMANDS,
    EVENTS,
    LISTENING,
    commands_queue,
    events_queue,
    parked_queue,
)
from case_contracts.catalogue import CATALOGUE, OWNERS
from civicgrid.deployment import Run, service_processes
from civicgrid.deployment.__main__ import shipped_files
from civicgrid.deployment.names import COMMAND_TAKERS, CONSOLE, SERVICES
from civicgrid.deployment.rabbit import rights, run_definitions, run_names, topology
from civicgrid.deployment.run import drawn_ports, fixed_ports
from civicgrid.deployment.subscribed import subscribed_types
from civicgrid.local import LocalError

ADMIN = "amqp://root:secret@127.0.0.1:5672/"


def a_run(**changes: object) -> Run:
    return Run.new(
        "lanhe",
        ("water-affairs", "parks"),
        ports=fixed_ports(8100, 2),
        amqp_url=ADMIN,
        mongo_url="mongodb://127.0.0.1:1/",
        clock="2026-01-05T08:00+08:00x600",
        replicas=2,
    ).model_copy(update=changes)


def test_two_runs_of_a_district_share_no_name() -> None:
    one, other = a_run(), a_run()
    for a, b in zip(run_names(one), run_names(other), strict=True):
        assert not set(a) & set(b)
    assert not {one.database(s) for s in SERVICES} & {other.database(s) for s in SERVICES}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_reads_its_own_queues_and_no_other(service: str) -> None:
    read = re.compile(rights(service)["read"])
    own = {events_queue(service), parked_queue(events_queue(service))}
    if service in COMMAND_TAKERS:
        own |= {commands_queue(service), parked_queue(commands_queue(service))}
    every = {q.name for q in topology(dict.fromkeys(SERVICES, ())).queues}
    assert {name for name in every if read.search(name)} == own


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_writes_only_where_it_publishes_and_configures_nothing(service: str) -> None:
    write = re.compile(rights(service)["write"])
    exchanges = {e.name for e in topology({}).exchanges} | {"", "amq.topic", f"x{EVENTS}"}
    wanted = {EVENTS} if service in OWNERS else {COMMANDS}
    assert {name for name in exchanges if write.search(name)} - {""} == wanted
    assert re.search(rights(service)["configure"], "anything") is None


def test_console_reads_events_on_queues_of_its_own_and_writes_nowhere() -> None:
    granted = {what: re.compile(how) for what, how in rights(CONSOLE).items()}
    every = topology(dict.fromkeys(SERVICES, ()))
    names = {q.name for q in every.queues} | {e.name for e in every.exchanges} | {""}
    found = {what: {n for n in names if how.search(n)} for what, how in granted.items()}
    assert found == {"configure": set(), "write": set(), "read": {EVENTS}}
    assert all(how.search(f"{LISTENING}0af3") for how in granted.values())


def test_every_event_that_a_service_listens_to_reaches_its_queue() -> None:
    types = subscribed_types()
    bound = {(b.queue, b.key) for b in topology(types).bindings if b.exchange == EVENTS}
    assert set(types) == set(SERVICES)
    for service, listened in types.items():
        for event_type in listened:
            key = f"{CATALOGUE[event_type].owner}.{event_type}"
            assert (events_queue(service), key) in bound


def test_users_have_no_password_in_the_clear_and_departments_are_apart() -> None:
    run = a_run()
    found = run_definitions(run, dict.fromkeys(SERVICES, ()))
    text = json.dumps(found)
    for word in (*run.secrets.amqp.values(), *run.secrets.departments.values()):
        assert word not in text
    vhosts = {each["name"] for each in found["vhosts"]}
    assert len(vhosts) == 3
    for each in found["permissions"]:
        assert each["vhost"] in vhosts
    outsiders = [p for p in found["permissions"] if p["user"].startswith("dept-")]
    assert {(p["user"], p["vhost"]) for p in outsiders} == {
        (name, name) for name in vhosts if name.startswith("dept-")
    }


def test_a_run_is_kept_for_its_user_alone(tmp_path: Path) -> None:
    run = a_run()
    run.save(tmp_path)
    assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600
    assert Run.load(tmp_path) == run
    with pytest.raises(LocalError, match="civicgrid up"):
        Run.load(tmp_path / "elsewhere")


def test_a_run_of_another_version_is_said_to_be_one(tmp_path: Path) -> None:
    a_run().save(tmp_path)
    note = tmp_path / "run.json"
    known = json.loads(note.read_text())
    del known["secrets"]["oidc"]
    note.write_text(json.dumps(known))
    with pytest.raises(LocalError, match=r"another version.*secrets\.oidc"):
        Run.load(tmp_path)


def test_replicas_share_queues_and_database_but_no_port() -> None:
    run = a_run()
    processes = {each.name: each for each in service_processes(run, Path("of-the-run"))}
    one, two = processes["dispatch"].env, processes["dispatch-2"].env
    differing = {key for key in one if one[key] != two[key]}
    assert differing == {"CIVICGRID_HTTP_PORT"}
    ports = [each.port for each in processes.values()]
    assert len(set(ports)) == len(ports) == 4 + 2 * len(SERVICES)


def test_no_service_gets_another_ones_secrets_or_the_administrators() -> None:
    run = a_run()
    for each in service_processes(run, Path("of-the-run")):
        text = json.dumps(dict(each.env))
        assert "root:secret" not in text
        own = each.name.removesuffix("-2")
        for service, word in run.secrets.amqp.items():
            assert (word in text) == (service == own)
        assert (run.secrets.vault_key in text) == (own == "intake")


def test_a_clock_is_anchored_once_for_all() -> None:
    run = a_run()
    assert run.clock is not None
    assert "@" in run.clock
    clocks = {each.env["CIVICGRID_CLOCK"] for each in service_processes(run, Path("of-the-run"))}
    assert clocks == {run.clock}


def test_drawn_ports_are_those_drawn() -> None:
    assert sorted(drawn_ports(1, lambda n: range(100, 100 + n)).values()) == list(
        range(100, 100 + len(fixed_ports(0, 1)))
    )


def test_the_shipped_definitions_are_up_to_date() -> None:
    for path, text in shipped_files().items():
        assert path.read_text() == text, f"{path} is stale: run python -m civicgrid.deployment"
        assert "password" not in text


def test_a_run_in_a_log_shows_no_secret() -> None:
    run = a_run()
    assert run.secrets.issuer not in repr(run)
    assert "secret" not in repr(run)
