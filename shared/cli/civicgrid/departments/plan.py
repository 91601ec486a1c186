"""What is missing for each department: nothing, once it was made."""

import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from case_bus.department_vhost import user_name, vhosts
from civicgrid.departments.files import as_env
from civicgrid.departments.place import AMQP_URL, Place
from service_kit.auth.issuer_clients import hashed

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
_SAME = {
    "vhosts": ("name",),
    "users": ("name",),
    "permissions": ("user", "vhost"),
    "exchanges": ("name", "vhost"),
    "queues": ("name", "vhost"),
    "bindings": ("source", "vhost", "destination", "destination_type", "routing_key"),
}
"""By what a row of the broker's definitions is the same. What is there is left as it is: whether
its rights are those that it should have, the probes say."""


@dataclass(frozen=True)
class Wanted:
    """A department as it should be connected, and what of that is missing. ``password`` and
    ``line`` are None for one that comes over HTTP only."""

    department: str
    password: str | None
    variables: Mapping[str, str]
    line: str | None
    rows: Rows
    missing: tuple[str, ...]


def wanted(place: Place, department: str, there: Rows, *, http_only: bool = False) -> Wanted:
    """``there`` are the broker's definitions as they are now. Who came over HTTP only does so
    from then on."""
    password = line = None
    rows: Rows = {}
    if not (http_only or place.is_http_only(department)):
        password = place.password(department) or secrets.token_urlsafe(24)
        rows, line = _rows(place, department, password, there), place.line(department)
    variables = variables_of(place, department, password)
    missing = [kind for kind, found in rows.items() if found]
    missing += [] if place.files.lines().get(department) == line else ["line"]
    missing += [] if _knows_client(place, variables) else ["client"]
    file = place.files.credentials_file(department)
    if not file.is_file() or file.read_text() != as_env(variables):
        missing.append("credentials")
    return Wanted(department, password, variables, line, rows, tuple(missing))


def _rows(place: Place, department: str, password: str, there: Rows) -> Rows:
    found = vhosts(place.name, {department: password}, gateway=place.gateway_user)
    return {kind: _missing(kind, rows, there, password) for kind, rows in found.items()}


def variables_of(place: Place, department: str, password: str | None) -> dict[str, str]:
    """The environment of the department's own service; without a password by HTTP only."""
    said = place.files.credentials(department)
    found = {"CIVICGRID_DEPARTMENT": department, "CIVICGRID_GATEWAY_URL": place.gateway_url}
    if password is not None:
        found[AMQP_URL] = place.address(department, password)
    if place.token_url is not None:
        found |= {
            "CIVICGRID_TOKEN_URL": place.token_url,
            "CIVICGRID_CLIENT_ID": client_of(department),
            "CIVICGRID_CLIENT_SECRET": said.get("CIVICGRID_CLIENT_SECRET")
            or secrets.token_urlsafe(24),
            "CIVICGRID_TOKEN_FILE": str(place.files.token_file(department).resolve()),
        }
    return found | ({"CIVICGRID_CLOCK": place.clock} if place.clock else {})


def client_of(department: str) -> str:
    """Its name at the issuer."""
    return f"department:{department}"


def password_fits(row: Mapping[str, Any], password: str) -> bool:
    """Whether a user of the broker has this password."""
    kept = base64.b64decode(str(row.get("password_hash", "")))
    return hashlib.sha256(kept[:4] + password.encode()).digest() == kept[4:]


def _missing(
    kind: str, rows: Sequence[Mapping[str, Any]], there: Rows, password: str
) -> list[Mapping[str, Any]]:
    known = {_key(kind, row): row for row in there.get(kind, ())}
    found = []
    for row in rows:
        same = known.get(_key(kind, row))
        if same is None or (kind == "users" and not password_fits(same, password)):
            found.append(row)
    return found


def _key(kind: str, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _SAME[kind])


def _knows_client(place: Place, variables: Mapping[str, str]) -> bool:
    if place.token_url is None:
        return True
    client = place.files.clients().get(variables["CIVICGRID_CLIENT_ID"])
    return client is not None and hashed(variables["CIVICGRID_CLIENT_SECRET"]) in client["secrets"]


def names_of(place: Place, department: str) -> tuple[str, str]:
    """Its vhost and its user."""
    return place.vhost(department), user_name(place.name, department)
