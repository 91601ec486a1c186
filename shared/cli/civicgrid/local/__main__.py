"""`python -m civicgrid.local ensure|store`: install what the broker and the store lack.

`store` installs SecantusDB; `ensure` also RabbitMQ, each only where no other one is named or
usable. Called by the Makefile, so that no test waits for a download.
"""

import os
import sys

from civicgrid.local.broker import existing_broker
from civicgrid.local.errors import LocalError
from civicgrid.local.install import rabbitmq_server, secantus_program


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


def main(arguments: list[str]) -> int:
    """Exit code 0 when everything is there, 1 with a message on what to do."""
    if arguments not in (["ensure"], ["store"]):
        _say(__doc__ or "")
        return 2
    try:
        if not os.environ.get("MONGO_URL"):
            secantus_program(_say)
        if arguments == ["ensure"] and existing_broker() is None:
            rabbitmq_server(_say)
    except LocalError as error:
        _say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
