"""`python -m civicgrid.local ensure|store|pages|browser`: install what this machine lacks.

`store` installs SecantusDB; `ensure` also RabbitMQ, each only where no other one is named or
usable. `pages` fetches what the pages load of others, `browser` a Chromium for their tests. Called
by the Makefile, so that no test waits for a download.
"""

import os
import sys
from collections.abc import Callable

from civicgrid.local.broker import existing_broker
from civicgrid.local.errors import LocalError
from civicgrid.local.install import rabbitmq_server, secantus_program
from civicgrid.local.pages import browser, page_files


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def _store() -> None:
    if not os.environ.get("MONGO_URL"):
        secantus_program(_say)


def _ensure() -> None:
    _store()
    if existing_broker() is None:
        rabbitmq_server(_say)


_WANTED: dict[str, Callable[[], object]] = {
    "store": _store,
    "ensure": _ensure,
    "pages": lambda: page_files(_say),
    "browser": lambda: browser(_say),
}


def main(arguments: list[str]) -> int:
    """Exit code 0 when everything is there, 1 with a message on what to do."""
    wanted = _WANTED.get(" ".join(arguments))
    if wanted is None:
        _say(__doc__ or "")
        return 2
    try:
        wanted()
    except LocalError as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
