"""Every service gets exactly the environment that its settings know and need."""

import importlib
import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from civicgrid.deployment import Run
from civicgrid.deployment.names import CONSOLE, ON_BROKER, SERVICES
from civicgrid.deployment.production import production_definitions, read_environment
from civicgrid.deployment.run import fixed_ports
from civicgrid.deployment.services import service_processes
from civicgrid.local import LocalError
from department.settings import HostSettings
from tests.unit.deploy import compose

ENVIRON = compose.stand_in_environ()
OURS = compose.ours(ENVIRON)
PREFIX = "CIVICGRID_"
TOPOLOGY = {"vhosts": [{"name": "civicgrid"}], "exchanges": [], "queues": [], "bindings": []}
RIGHTS = {name: {"configure": "^$", "write": "^$", "read": "^$"} for name in ON_BROKER}


def settings_class(package: str) -> type[BaseSettings]:
    """The class of ``<package>.settings`` that the service reads its environment with."""
    module = importlib.import_module(f"{package}.settings")
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type)
        and issubclass(each, BaseSettings)
        and each.__module__ == module.__name__
    ]
    assert len(found) == 1, f"{package}.settings has {len(found)} settings classes"
    return found[0]


def use(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    """Only these CIVICGRID_ variables."""
    for name in [each for each in os.environ if each.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_all_services_are_there() -> None:
    assert set(OURS) == {*SERVICES, CONSOLE, compose.DEPARTMENT}
    assert {name: each.package for name, each in OURS.items()} == {
        **{name: name for name in (*SERVICES, CONSOLE)},
        compose.DEPARTMENT: "department",
    }


@pytest.mark.parametrize("name", OURS)
def test_knows_every_variable_and_needs_no_other(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = OURS[name]
    assert entry.package
    made = settings_class(entry.package)
    known = {PREFIX + field.upper() for field in made.model_fields}
    needed = {PREFIX + f.upper() for f, info in made.model_fields.items() if info.is_required()}
    given = set(entry.environment)
    assert given - known == set(), "the service does not know"
    assert needed - given == set(), "the service does not start without"
    use(monkeypatch, entry.environment)
    made()


def local_environment(name: str) -> set[str]:
    """What the local runner gives the same service."""
    run = Run.new(
        "lanhe",
        [compose.DEPARTMENT],
        ports=fixed_ports(8100, 1),
        amqp_url="amqp://guest:guest@127.0.0.1/",
        mongo_url="mongodb://127.0.0.1/",
    )
    found = {each.name: each.env for each in service_processes(run, Path("of-the-run"))}[name]
    return {key for key in found if key.startswith(PREFIX)} - {"CIVICGRID_OTLP_ENDPOINT"}


@pytest.mark.parametrize("name", OURS)
def test_lacks_nothing_that_the_local_runner_gives(name: str) -> None:
    package = OURS[name].package
    assert package
    assert local_environment(package) - set(OURS[name].environment) == set()


def test_peers_are_all_services_where_they_answer() -> None:
    for name in SERVICES:
        peers = json.loads(OURS[name].environment["CIVICGRID_PEERS"])
        assert peers == {each: f"http://{each}:8000" for each in SERVICES}
        assert OURS[name].environment["CIVICGRID_HTTP_PORT"] == "8000"


def test_every_login_at_the_broker_is_one_that_provision_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, compose.entries(ENVIRON)["provision"].environment)
    wish = read_environment()
    made = production_definitions(TOPOLOGY, RIGHTS, wish)
    may_enter = {(row["user"], row["vhost"]) for row in made["permissions"]}
    words = wish.amqp_passwords | {
        f"dept-{wish.district}-{name}": word for name, word in wish.department_passwords.items()
    }
    logins = {login for each in OURS.values() for login in _amqp_logins(each)}
    assert len(logins) == len(ON_BROKER) + 2
    for user, password, vhost in logins:
        assert (user, vhost) in may_enter
        assert words[user].get_secret_value() == password
    assert {row["name"] for row in made["users"]} == set(words)


def test_every_login_at_the_store_is_one_that_provision_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    use(monkeypatch, compose.entries(ENVIRON)["provision"].environment)
    words = read_environment().mongo_passwords
    stored = [each for name, each in OURS.items() if name not in compose.STORELESS]
    assert set(words) == {database_of(entry) for entry in stored}
    for entry in stored:
        url = urlsplit(entry.environment["CIVICGRID_MONGO_URL"])
        database = database_of(entry)
        assert url.path == f"/{database}"
        assert url.query == f"replicaSet=rs0&authSource={database}"
        assert url.username == database
        assert url.password == words[database].get_secret_value()


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("CIVICGRID_AMQP_PASSWORDS", "{", "amqp_passwords"),
        ("CIVICGRID_AMQP_PASSWORDS", '{"intake": "sixteen-letters-x"}', "lacks registry"),
        ("CIVICGRID_DEPARTMENT_PASSWORDS", '{"water": "short-word"}', "at least 16"),
        ("CIVICGRID_DEPARTMENT_PASSWORDS", '{"water": "with@sign-inside-it"}', "water"),
        ("CIVICGRID_DISTRICT", None, "CIVICGRID_DISTRICT"),
    ],
)
def test_provision_says_what_is_wrong_and_no_password(
    variable: str, value: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = compose.entries(ENVIRON)["provision"].environment
    changed = given | ({variable: value} if value is not None else {})
    use(monkeypatch, {k: v for k, v in changed.items() if value is not None or k != variable})
    with pytest.raises(LocalError) as raised:
        read_environment()
    assert said in str(raised.value)
    assert not re.search(r"a-secret-of|short-word|with@sign|sixteen", str(raised.value))


@pytest.mark.parametrize("name", [*OURS, "provision"])
def test_image_is_of_the_distribution_that_it_runs(name: str) -> None:
    build = compose.document()["services"][name]["build"]
    assert build["dockerfile"] == "deploy/docker/service.Dockerfile"
    service = build["args"]["SERVICE"]
    folder = compose.ROOT / ("shared" if service == "cli" else "services") / service
    wanted = build["args"].get("DISTRIBUTION", f"civicgrid-{service}")
    assert f'name = "{wanted}"' in (folder / "pyproject.toml").read_text()
    assert OURS[name].package == service if name in OURS else service == "cli"


def test_image_is_checked_by_hash_and_runs_without_root() -> None:
    lines = (compose.ROOT / "deploy/docker/service.Dockerfile").read_text().splitlines()
    installs = [line for line in lines if line.startswith("RUN") and "pip" in line]
    assert len(installs) == 4
    assert [line for line in lines if "npm ci" in line], "takes npm's files as the lock has them"
    for line in installs:
        checked = "--require-hashes" in line and "requirements.lock" in line
        assert checked or "--no-index" in line, f"takes files that are not in the lock: {line}"
    last = max(number for number, line in enumerate(lines) if line.startswith("FROM"))
    assert "USER 10001" in lines[last:]
    assert (Path(compose.ROOT) / "requirements.lock").read_text().count("--hash=") > 100


def database_of(entry: compose.Entry) -> str:
    """The database that the service really uses."""
    if entry.package != "department":
        return entry.environment["CIVICGRID_DATABASE"]
    given = entry.environment
    host = HostSettings(
        department_config=given["CIVICGRID_DEPARTMENT_CONFIG"],
        department_amqp=json.loads(given["CIVICGRID_DEPARTMENT_AMQP"]),
        mongo_url=SecretStr(given["CIVICGRID_MONGO_URL"]),
        database=given["CIVICGRID_DATABASE"],
    )
    return host.database_of(entry.name)


def _amqp_logins(entry: compose.Entry) -> set[tuple[str, str, str]]:
    texts = [entry.environment.get("CIVICGRID_AMQP_URL", "")]
    for name in ("CIVICGRID_DEPARTMENTS", "CIVICGRID_DEPARTMENT_AMQP"):
        texts += json.loads(entry.environment.get(name, "{}")).values()
    urls = [urlsplit(each) for each in texts if each]
    return {(u.username or "", u.password or "", u.path.lstrip("/")) for u in urls}
