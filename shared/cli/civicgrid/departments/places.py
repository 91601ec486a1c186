"""The two places: a run on this machine, and a deployment that the environment describes."""

from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from civicgrid.departments.files import FOLDER, Files
from civicgrid.departments.place import Place
from civicgrid.deployment import Run
from civicgrid.deployment.names import GATEWAY, ISSUER
from civicgrid.deployment.production import Name, Passwords
from civicgrid.local import LocalError
from civicgrid.local.admin import Admin, Management

VARIABLE = "CIVICGRID_MANAGEMENT_URL"
"""Where it is set, a deployment is meant and no run on this machine."""
Broker = Annotated[str, Field(pattern=r"^amqps?://[^/@]+(/.*)?$")]


def run_place(run: Run, folder: Path, admin: Admin) -> Place:
    """A run that is kept in ``folder``. The passwords of departments that the run hosts are its."""
    return Place(
        name=run.id,
        files=Files(folder / FOLDER),
        admin=admin,
        broker=run.amqp_url,
        gateway_broker=run.amqp_url,
        gateway_user=run.user(GATEWAY),
        gateway_password=run.secrets.amqp[GATEWAY],
        gateway_url=run.url(GATEWAY),
        known=run.secrets.departments,
        foreign_vhosts=(run.vhost, "/"),
        token_url=f"{run.url(ISSUER)}/oauth/token",
        clock=run.clock,
    )


class Deployment(BaseSettings):
    """The environment of `civicgrid departments` where nothing runs on this machine.

    ``amqp_for_gateway`` and ``amqp_for_departments`` are the broker's address without a login, as
    the one and the others reach it; ``gateway_url`` the gateway's, as departments reach it.
    ``credentials`` is a folder for departments' credentials, ``departments_file`` what the
    gateway follows, by default below that folder.
    """

    model_config = SettingsConfigDict(
        env_prefix="CIVICGRID_", extra="ignore", hide_input_in_errors=True
    )

    district: Name
    management_url: SecretStr
    amqp_passwords: Passwords
    department_passwords: Passwords = {}
    amqp_for_gateway: Broker
    amqp_for_departments: Broker
    gateway_url: str
    credentials: Path
    departments_file: Path | None = None

    @model_validator(mode="after")
    def _knows_the_gateway(self) -> Self:
        if GATEWAY not in self.amqp_passwords:
            raise ValueError("CIVICGRID_AMQP_PASSWORDS lacks gateway")
        return self


def deployed_place() -> Place:
    """The deployment as the environment says it; LocalError names what is wrong, never a value."""
    try:
        said = Deployment()
    except (ValidationError, SettingsError) as error:
        raise LocalError(
            _told(error), "see services/gateway/docs/credentials.md, `In a deployment`"
        ) from None
    passwords = said.department_passwords
    return Place(
        name=said.district,
        files=Files(said.credentials, said.departments_file),
        admin=Management(said.management_url.get_secret_value()),
        broker=said.amqp_for_departments,
        gateway_broker=said.amqp_for_gateway,
        gateway_user=GATEWAY,
        gateway_password=said.amqp_passwords[GATEWAY].get_secret_value(),
        gateway_url=said.gateway_url,
        known={name: word.get_secret_value() for name, word in passwords.items()},
        foreign_vhosts=("civicgrid", "/"),
    )


def _told(error: ValidationError | SettingsError) -> str:
    if isinstance(error, SettingsError):
        return str(error)
    rows = error.errors(include_input=False, include_context=False, include_url=False)
    named = [("_".join(map(str, row["loc"])).upper(), row["msg"]) for row in rows]
    return "\n".join(f"CIVICGRID_{name}: {what}" if name else what for name, what in named)
