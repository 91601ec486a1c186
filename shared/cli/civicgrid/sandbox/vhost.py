"""The department's own vhost for as long as the sandbox runs, with production's permissions."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from case_bus.definitions import user
from case_bus.department_vhost import user_name, vhost_name, vhosts
from civicgrid.local import Broker

MADE = "vhosts.txt"
"""File below the sandbox's folder with the names of the vhosts and users that it has made."""


@dataclass(frozen=True)
class Vhost:
    """AMQP addresses of the two ends; ``user`` is the department's."""

    user: str
    for_department: str
    for_gateway: str


@contextmanager
def vhost(broker: Broker, department: str, folder: Path) -> Iterator[Vhost]:
    """Made at the beginning and deleted at the end; what a killed sandbox left in the folder's
    name is deleted first."""
    _delete(broker, folder)
    district = f"sandbox-{secrets.token_hex(3)}"
    gateway, name = f"gateway-{district}", vhost_name(district, department)
    passwords = {each: secrets.token_urlsafe(24) for each in (department, gateway)}
    wanted = vhosts(district, {department: passwords[department]}, gateway=gateway)
    wanted["users"].append(user(gateway, passwords[gateway]))
    (folder / MADE).write_text(f"{gateway} {name}\n")
    try:
        broker.import_definitions(wanted)
        own = user_name(district, department)
        yield Vhost(
            own,
            broker.amqp_url(name, own, passwords[department]),
            broker.amqp_url(name, gateway, passwords[gateway]),
        )
    finally:
        _delete(broker, folder)


def _delete(broker: Broker, folder: Path) -> None:
    made = folder / MADE
    if made.exists():
        names = made.read_text().split()
        broker.delete(names, names)
        made.unlink()
