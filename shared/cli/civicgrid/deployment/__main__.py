"""``python -m civicgrid.deployment [--check]``: the broker's definitions, into the repository.

Writes ``deploy/rabbitmq/definitions.json`` (exchanges, queues, bindings; no users, no secrets) and
``deploy/rabbitmq/permissions.json`` (what each service's user may do). ``--check`` says whether
they are what the catalogue and the subscriptions give.
"""

import json
import sys
from pathlib import Path

from civicgrid.deployment.rabbit import shipped_definitions, shipped_rights
from civicgrid.deployment.subscribed import subscribed_types
from civicgrid.local import checkout


def shipped_files() -> dict[Path, str]:
    """The files' contents by path."""
    folder = checkout() / "deploy" / "rabbitmq"
    contents = {
        "definitions.json": shipped_definitions(subscribed_types()),
        "permissions.json": shipped_rights(),
    }
    return {
        folder / name: json.dumps(value, indent=1, sort_keys=True) + "\n"
        for name, value in contents.items()
    }


def main(arguments: list[str]) -> int:
    """0 when written or up to date, 1 when stale."""
    stale = [
        path
        for path, text in shipped_files().items()
        if not path.is_file() or path.read_text() != text
    ]
    if "--check" in arguments:
        for path in stale:
            sys.stderr.write(f"{path} is stale: run python -m civicgrid.deployment\n")
        return 1 if stale else 0
    for path, text in shipped_files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
