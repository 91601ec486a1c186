"""A deployment's own names and passwords: what `civicgrid provision` makes of them.

Names are plain, for a deployment has its broker and its store to itself: the vhost of the shipped
definitions, a user per service called as the service, a database of that name.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, StringConstraints, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from case_bus.definitions import permission, user
from case_bus.department_vhost import vhosts
from civicgrid.deployment.names import GATEWAY, ON_BROKER, SERVICES
from civicgrid.local import LocalError

Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
Password = Annotated[SecretStr, Field(min_length=16)]
Passwords = dict[Name, Password]
_IN_URLS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class Production(BaseSettings):
    """The environment of `civicgrid provision`; docker-compose.yml gives it.

    ``amqp_passwords`` are by service, ``department_passwords`` by department,
    ``mongo_passwords`` by database, whose user has the database's name. ``mongo_member`` is
    where the store's clients reach it, ``host:port``.
    """

    model_config = SettingsConfigDict(env_prefix="CIVICGRID_", extra="ignore")

    district: Name
    amqp_passwords: Passwords
    department_passwords: Passwords = {}
    mongo_passwords: Passwords
    mongo_admin_url: SecretStr
    mongo_member: str
    management_url: SecretStr

    @model_validator(mode="after")
    def _usable(self) -> Self:
        for field in ("amqp_passwords", "mongo_passwords"):
            wanted = ON_BROKER if field == "amqp_passwords" else SERVICES
            missing = [name for name in wanted if name not in getattr(self, field)]
            if missing:
                raise ValueError(f"CIVICGRID_{field.upper()} lacks {', '.join(missing)}")
        for field in ("amqp_passwords", "mongo_passwords", "department_passwords"):
            for name, word in getattr(self, field).items():
                if not _IN_URLS.issuperset(word.get_secret_value()):
                    raise ValueError(
                        f"CIVICGRID_{field.upper()}: the password of {name} goes into addresses;"
                        " use letters, digits, - and _ only"
                    )
        return self


def read_environment() -> Production:
    """The deployment as the environment says it; LocalError names what is wrong, never a value."""
    try:
        return Production()
    except ValidationError as error:
        wrong = [_told(row) for row in error.errors(include_input=False, include_context=False)]
        raise LocalError("\n".join(wrong), _REMEDY) from None
    except SettingsError as error:  # not JSON
        raise LocalError(str(error), _REMEDY) from None


def production_definitions(
    topology: Mapping[str, Any], rights: Mapping[str, Mapping[str, str]], wish: Production
) -> dict[str, Any]:
    """All that the deployment needs on its broker, in one import.

    ``topology`` and ``rights`` are what ``deploy/rabbitmq`` holds.
    """
    (vhost,) = topology["vhosts"]
    words = wish.amqp_passwords
    found = dict(topology) | {
        "users": [user(name, words[name].get_secret_value()) for name in ON_BROKER],
        "permissions": [permission(name, vhost["name"], **rights[name]) for name in ON_BROKER],
    }
    logins = {name: word.get_secret_value() for name, word in wish.department_passwords.items()}
    departments = vhosts(wish.district, logins, gateway=GATEWAY)
    return {kind: [*rows, *departments.get(kind, [])] for kind, rows in found.items()}


def read_shipped(folder: Path) -> tuple[dict[str, Any], dict[str, dict[str, str]]]:
    """Topology and rights from ``deploy/rabbitmq``; LocalError when they are not there."""
    try:
        read = [json.loads((folder / f"{name}.json").read_text()) for name in _SHIPPED]
    except (OSError, ValueError) as error:
        raise LocalError(
            f"the broker's definitions cannot be read: {error}",
            "make them with `python -m civicgrid.deployment`, and name their folder",
        ) from error
    return read[0], read[1]


_SHIPPED = ("definitions", "permissions")
_REMEDY = "set it as docker-compose.yml does"


def _told(row: Mapping[str, Any]) -> str:
    where = "_".join(str(part) for part in row["loc"])
    return f"{f'CIVICGRID_{where.upper()}: ' if where else ''}{row['msg']}"
