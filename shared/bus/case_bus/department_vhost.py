"""A department's own vhost: who may do what in it, as RabbitMQ definitions.

The department configures nothing, writes to ``commands`` and reads ``inbox``; the gateway's
user writes to the inbox and reads the commands. Nobody else has any right in it.
"""

import re
from collections.abc import Mapping
from typing import Any

from case_bus.definitions import permission, user
from case_bus.topology import (
    DEPARTMENT_COMMANDS,
    FROM_DEPARTMENT,
    INBOX,
    TO_INBOX,
    definitions,
    department,
)


def vhost_name(district: str, department_id: str) -> str:
    """``dept-<district>-<department>``; the department's user has the same name."""
    return f"dept-{district}-{department_id}"


user_name = vhost_name


def vhosts(
    district: str, passwords: Mapping[str, str], *, gateway: str = "gateway"
) -> dict[str, Any]:
    """Definitions of the vhosts of these departments (``{department: its user's password}``).

    ``gateway`` is the gateway's user, which must exist or be made in the same import.
    """
    found: dict[str, list[Any]] = {
        name: [] for name in ("vhosts", "users", "permissions", "exchanges", "queues", "bindings")
    }
    for department_id, password in passwords.items():
        vhost = vhost_name(district, department_id)
        found["vhosts"].append({"name": vhost})
        found["users"].append(user(vhost, password))
        found["permissions"] += _permissions(vhost, gateway)
        for kind, rows in definitions(vhost, department()).items():
            found[kind] += rows
    return found


def _permissions(vhost: str, gateway: str) -> list[dict[str, str]]:
    return [
        permission(vhost, vhost, write=_only(DEPARTMENT_COMMANDS), read=_only(INBOX)),
        permission(gateway, vhost, write=_only(TO_INBOX), read=_only(FROM_DEPARTMENT)),
    ]


def _only(name: str) -> str:
    return f"^{re.escape(name)}$"
