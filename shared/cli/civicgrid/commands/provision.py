"""provision: what a deployment needs on its broker and in its store."""

import time
from pathlib import Path
from typing import Annotated

import typer

from civicgrid.deployment.production import (
    Production,
    production_definitions,
    read_environment,
    read_shipped,
)
from civicgrid.local import LocalError, checkout
from civicgrid.local.admin import Management
from civicgrid.provisioned_store import WAIT_SECONDS, provision_store
from civicgrid.show import say

PAUSE_SECONDS = 1.0


def provision(
    rabbitmq: Annotated[
        Path | None,
        typer.Option(help="Folder of definitions.json and permissions.json; default the shipped."),
    ] = None,
) -> None:
    """Make a deployment's vhosts, users, queues, replica set and databases' users.

    Reads the environment as docker-compose.yml gives it (CIVICGRID_AMQP_PASSWORDS and so on).
    May be repeated: what is there stays, passwords become those given.
    """
    wish = read_environment()
    provision_broker(wish, rabbitmq or checkout() / "deploy" / "rabbitmq")
    words = {name: word.get_secret_value() for name, word in wish.mongo_passwords.items()}
    provision_store(wish.mongo_admin_url.get_secret_value(), wish.mongo_member, words, say)


def provision_broker(wish: Production, folder: Path, wait: float = WAIT_SECONDS) -> None:
    """Import the definitions, as soon as the management interface answers.

    Raises LocalError when it does not within ``wait`` seconds, or refuses.
    """
    found = production_definitions(*read_shipped(folder), wish)
    admin = Management(wish.management_url.get_secret_value())
    until = time.monotonic() + wait
    while True:
        try:
            cluster = admin.cluster()
            break
        except LocalError:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_SECONDS)
    admin.import_definitions(found)
    say(f"broker {cluster}: {len(found['vhosts'])} vhosts, {len(found['queues'])} queues made")
