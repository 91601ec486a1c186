"""Named points at which a fault test kills this process: ``CIVICGRID_FAULT=after_commit:3``.

The third time that the point is reached the process gets SIGKILL. Not set: nothing happens.
"""

import os
import signal
import sys

VARIABLE = "CIVICGRID_FAULT"
POINTS = (
    "before_commit",
    "after_commit",
    "after_view",
    "before_publish",
    "after_confirm",
    "after_watermark",
    "after_ack",
    "takeover_claimed",
    "takeover_published",
)

_seen: dict[str, int] = {}


def last_words(point: str) -> str:
    """What a process writes into its log before a fault kills it."""
    return f"killed by a fault test at {point}\n"


def reach(point: str) -> None:
    """Mark that a point is reached; the process ends here if that is what the test asks for."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    name, _, count = wanted.partition(":")
    if name != point:
        return
    _seen[point] = _seen.get(point, 0) + 1
    if _seen[point] == int(count or "1"):
        os.write(sys.stderr.fileno(), last_words(point).encode())
        os.kill(os.getpid(), signal.SIGKILL)
