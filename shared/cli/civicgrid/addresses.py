"""Where the services answer, and how to get a token: of a run here, or named by environment.

``CIVICGRID_ADDRESSES`` (JSON ``{"dispatch": "https://..."}``) and ``CIVICGRID_TOKEN`` let the
command line work on a system that it did not start.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from civicgrid.deployment import Run
from civicgrid.deployment.names import DEPARTMENT, SERVICES
from civicgrid.local import LocalError

NAMED = "CIVICGRID_ADDRESSES"


@dataclass(frozen=True)
class Addresses:
    """Base URLs of each service's replicas, and either a token or the issuer and its secret."""

    services: Mapping[str, tuple[str, ...]]
    token: str | None = None
    token_url: str | None = None
    issuer_secret: str | None = None

    def one(self, service: str) -> str:
        """The first replica of a service; LocalError when its address is not known."""
        urls = self.services.get(service)
        if not urls:
            raise LocalError(
                f"the address of {service} is not known", f"name {service} in CIVICGRID_ADDRESSES"
            )
        return urls[0]


def addresses_of(run: Run) -> Addresses:
    """The addresses of a run on this machine."""
    urls = {name: tuple(run.urls(name)) for name in SERVICES}
    if run.departments:
        urls[DEPARTMENT] = tuple(run.urls(DEPARTMENT))
    return Addresses(
        urls,
        token=os.environ.get("CIVICGRID_TOKEN"),
        token_url=run.token_url,
        issuer_secret=run.secrets.issuer,
    )


def named_elsewhere(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment names a system that was not started here."""
    return bool(environ.get(NAMED))


def find_addresses(folder: Path, environ: Mapping[str, str] = os.environ) -> Addresses:
    """Those named by the environment, else those of the run in ``folder``.

    Raises LocalError when neither is there, or the environment's cannot be read.
    """
    named = environ.get(NAMED)
    if not named:
        return addresses_of(Run.load(folder))
    try:
        found = {str(name): (str(url).rstrip("/"),) for name, url in json.loads(named).items()}
    except (ValueError, AttributeError) as error:
        raise LocalError(
            f"CIVICGRID_ADDRESSES cannot be read: {error}",
            'write a JSON object such as {"dispatch": "https://dispatch.example.org"}',
        ) from None
    return Addresses(found, token=environ.get("CIVICGRID_TOKEN"))
