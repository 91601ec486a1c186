"""Secrets of a local run, drawn at random and kept in a file that only its user can read."""

import base64
import secrets
from collections.abc import Iterable

from pydantic import BaseModel

from civicgrid.deployment.names import ON_BROKER


class Secrets(BaseModel):
    """Passwords of the broker's users by service and department, the issuer's secret, the
    master keys of intake's, the registry's and dispatch's vaults, what seals the passes in the
    pages' addresses, and what the pages show the issuer when somebody logs in."""

    amqp: dict[str, str]
    departments: dict[str, str]
    issuer: str
    vault_key: str
    registry_vault_key: str
    dispatch_vault_key: str
    page: str
    oidc: str


def draw(departments: Iterable[str]) -> Secrets:
    """New secrets for all services and these departments."""
    return Secrets(
        amqp={name: secrets.token_urlsafe(24) for name in ON_BROKER},
        departments={name: secrets.token_urlsafe(24) for name in departments},
        issuer=secrets.token_urlsafe(24),
        vault_key=_master_key(),
        registry_vault_key=_master_key(),
        dispatch_vault_key=_master_key(),
        page=secrets.token_urlsafe(24),
        oidc=secrets.token_urlsafe(24),
    )


def _master_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()
