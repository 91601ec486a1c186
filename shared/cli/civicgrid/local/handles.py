"""Room on a broker: RabbitMQ up to 3.13 counts file handles and, out of them, falls silent.

It then accepts sockets and never answers, and says nothing in its log; measured with 3.10.8: a
vhost counts 2, a quorum queue 3, a connection 1. Debian's limit of 1,024 files leaves 927.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civicgrid.local.errors import LocalError

CONNECTIONS = 100
"""Handles left over for connections: services, replicas, departments, one's own look."""
REMEDY = (
    "delete vhosts that nobody needs (`rabbitmqctl list_vhosts`, `rabbitmqctl delete_vhost NAME`),"
    " or raise the broker's limit of open files (LimitNOFILE=65536) and restart it"
)


@dataclass(frozen=True)
class Handles:
    """File handles that a broker counts as used, and its limit."""

    used: int
    limit: int

    @property
    def free(self) -> int:
        """How many are left."""
        return self.limit - self.used

    @property
    def enough(self) -> bool:
        """Whether connections have room."""
        return self.free >= CONNECTIONS

    def __str__(self) -> str:
        return f"{self.used} of {self.limit} file handles in use"


def parse_handles(said: str) -> Handles | None:
    """From what `file_handle_cache:info()` prints; None where a newer broker has no such thing."""
    found = dict(re.findall(r"\{(total_used|total_limit),(\d+)\}", said))
    if len(found) < 2:
        return None
    return Handles(used=int(found["total_used"]), limit=int(found["total_limit"]))


def handles_for(definitions: Mapping[str, Any]) -> int:
    """Handles that `definitions` take when none of it is there yet."""
    queues: Sequence[Mapping[str, Any]] = definitions.get("queues", ())
    quorum = [q for q in queues if q.get("arguments", {}).get("x-queue-type") == "quorum"]
    return 2 * len(definitions.get("vhosts", ())) + 3 * len(quorum)


def require_room(handles: Handles | None, definitions: Mapping[str, Any]) -> None:
    """Raise LocalError when a broker with `handles` has no room for `definitions`."""
    if handles is None:
        return
    need = handles_for(definitions) + CONNECTIONS
    if handles.free < need:
        raise LocalError(f"the broker has {handles}, and {need} more are needed", REMEDY)
