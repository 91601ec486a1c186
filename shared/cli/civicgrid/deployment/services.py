"""The processes of a run: each with its command, its port and exactly the environment it needs."""

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit

from case_bus.department_vhost import vhost_name
from civicgrid.departments.files import FOLDER, Files
from civicgrid.deployment.names import (
    CONSOLE,
    DEPARTMENT,
    GATEWAY,
    ISSUER,
    MAIL,
    REPLICATED,
    SERVICES,
    replica,
)
from civicgrid.deployment.run import SMTP, Run
from civicgrid.local import Service

_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "CIVICGRID_OTLP_ENDPOINT")
HOST = "127.0.0.1"
MAILS = "mails.ndjson"
PEOPLE = "people.json"
OIDC_CLIENT = "civicgrid-console"
OIDC_BACK = "/staff/callback"
"""Where the pages are answered after somebody has logged in."""

Env = dict[str, str]


def service_processes(run: Run, folder: Path) -> list[Service]:
    """Every process of the run; ``folder`` is where the run is kept: the mail sink writes what it
    gets there, the issuer finds the sample people there, and the gateway and the issuer follow the
    files of connected departments."""
    files = Files(folder / FOLDER)
    found = [_issuer(run, folder, files), _mail(run, str(folder / MAILS)), _console(run)]
    found += [
        _service(run, name, number, files)
        for name in SERVICES
        for number in range(1, (run.replicas if name in REPLICATED else 1) + 1)
    ]
    if run.departments:
        found.append(_department(run))
    return found


def amqp_url(run: Run, vhost: str, user: str, password: str) -> str:
    """The run's broker, as somebody else on another vhost."""
    parts = urlsplit(run.amqp_url)
    where = parts.netloc.rpartition("@")[2]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"{parts.scheme}://{login}@{where}/{quote(vhost, safe='')}"


def service_env(run: Run, service: str, number: int = 1) -> Env:
    """The environment of one of the services, as docker-compose gives it too."""
    common = _common(run, replica(service, number)) | {
        "CIVICGRID_AMQP_URL": _own_line(run, service),
        "CIVICGRID_MONGO_URL": run.mongo_url,
        "CIVICGRID_DATABASE": run.database(service),
        "CIVICGRID_DISTRICT": run.district,
        "CIVICGRID_JWKS_URL": f"{run.url(ISSUER)}/.well-known/jwks.json",
        "CIVICGRID_ISSUER": run.url(ISSUER),
        "CIVICGRID_TOKEN_URL": run.token_url,
        "CIVICGRID_CLIENT_SECRET": run.secrets.issuer,
        "CIVICGRID_PEERS": json.dumps({name: run.url(name) for name in SERVICES}),
    }
    own = {f"CIVICGRID_{key.upper()}": said for key, said in run.settings.get(service, {}).items()}
    return common | dict(_EXTRA.get(service, _nothing)(run)) | own


def _own_line(run: Run, name: str) -> str:
    """The broker, as the user of one of ours on the district's vhost."""
    return amqp_url(run, run.vhost, run.user(name), run.secrets.amqp[name])


def _service(run: Run, service: str, number: int, files: Files) -> Service:
    name = replica(service, number)
    command = [sys.executable, "-m", service]
    env = service_env(run, service, number)
    if service == GATEWAY:
        env["CIVICGRID_DEPARTMENTS_FILE"] = str(files.lines_file)
    return Service(name, command, env, run.ports[name])


def _common(run: Run, process: str) -> Env:
    env = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    env |= {"CIVICGRID_HTTP_HOST": HOST, "CIVICGRID_HTTP_PORT": str(run.ports[process])}
    return env | ({"CIVICGRID_CLOCK": run.clock} if run.clock else {})


def _issuer(run: Run, folder: Path, files: Files) -> Service:
    pages = {
        "client": OIDC_CLIENT,
        "secret": run.secrets.oidc,
        "redirects": [run.url(CONSOLE) + OIDC_BACK],
        "audience": list(SERVICES),
    }
    env = _common(run, ISSUER) | {
        "CIVICGRID_ISSUER": run.url(ISSUER),  # OpenID Connect wants its name to be its URL
        "CIVICGRID_ISSUER_CLIENTS": str(files.clients_file),
        "CIVICGRID_ISSUER_PAGES": json.dumps(pages),
        "CIVICGRID_ISSUER_PEOPLE": str(folder.resolve() / PEOPLE),
        "CIVICGRID_ISSUER_SECRET": run.secrets.issuer,
    }
    return Service(
        ISSUER, [sys.executable, "-m", "service_kit.auth.issuer"], env, run.ports[ISSUER]
    )


def _mail(run: Run, outbox_file: str) -> Service:
    env = _common(run, MAIL) | {
        "CIVICGRID_SMTP_PORT": str(run.ports[SMTP]),
        "CIVICGRID_MAIL_FILE": outbox_file,
    }
    return Service(MAIL, [sys.executable, "-m", "civicgrid.mail_sink"], env, run.ports[MAIL])


def _console(run: Run) -> Service:
    """The pages ask services as whoever sits in front of them; a token of their own is for the map
    alone."""
    env = _common(run, CONSOLE) | {
        "CIVICGRID_AMQP_URL": _own_line(run, CONSOLE),
        "CIVICGRID_PEERS": json.dumps({name: run.url(name) for name in SERVICES}),
        "CIVICGRID_OIDC_ISSUER": run.url(ISSUER),
        "CIVICGRID_OIDC_CLIENT": OIDC_CLIENT,
        "CIVICGRID_OIDC_SECRET": run.secrets.oidc,
        "CIVICGRID_PAGE_SECRET": run.secrets.page,
        "CIVICGRID_TOKEN_URL": run.token_url,
        "CIVICGRID_CLIENT_SECRET": run.secrets.issuer,
        "CIVICGRID_PUBLIC_URL": run.url(CONSOLE),
    }
    return Service(CONSOLE, [sys.executable, "-m", "console"], env, run.ports[CONSOLE])


def _department(run: Run) -> Service:
    """One process for all departments, each with its own login on its own vhost."""
    logins = {
        name: amqp_url(run, vhost_name(run.id, name), vhost_name(run.id, name), word)
        for name, word in run.secrets.departments.items()
    }
    env = _common(run, DEPARTMENT) | {
        "CIVICGRID_DEPARTMENT_CONFIG": run.department_config or "",
        "CIVICGRID_DEPARTMENT_AMQP": json.dumps(logins),
        "CIVICGRID_MONGO_URL": run.mongo_url,
        "CIVICGRID_DATABASE": run.database(DEPARTMENT),
    }
    return Service(DEPARTMENT, [sys.executable, "-m", "department"], env, run.ports[DEPARTMENT])


def _nothing(_: Run) -> Mapping[str, str]:
    return {}


def _intake(run: Run) -> Mapping[str, str]:
    """Its vault; and no rate limits, since a whole city's reporters have one address here."""
    off = dict.fromkeys(("ADDRESS", "TOKEN", "FAILURES"), "off") | {"CHANNEL": ""}
    rates = {f"CIVICGRID_RATE_{name}": rate for name, rate in off.items()}
    return {"CIVICGRID_VAULT_KEYS": f"k1:{run.secrets.vault_key}", **rates}


def _household_vault(run: Run) -> Mapping[str, str]:
    return {"CIVICGRID_VAULT_KEYS": f"k1:{run.secrets.registry_vault_key}"}


def _statements(run: Run) -> Mapping[str, str]:
    """Its vault; and public figures of the running month, since there is no other here."""
    return {
        "CIVICGRID_VAULT_KEYS": f"k1:{run.secrets.dispatch_vault_key}",
        "CIVICGRID_PUBLIC_RUNNING": "true",
    }


def _smtp(run: Run) -> Mapping[str, str]:
    return {
        "CIVICGRID_SMTP_HOST": HOST,
        "CIVICGRID_SMTP_PORT": str(run.ports[SMTP]),
        "CIVICGRID_PUBLIC_URL": run.url(CONSOLE),
    }


_EXTRA = {
    "registry": _household_vault,
    "intake": _intake,
    "dispatch": _statements,
    "notification": _smtp,
}
