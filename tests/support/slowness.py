"""How much slower this machine is just now than one for which a limit in seconds is meant.

"In a second" is promised on two cores of which nobody else has a part. Where neighbours take most
of them the same code needs longer, and that says nothing against it.
"""

import statistics
import time

ROUNDS, SQUARES = 5, 1_000_000
REFERENCE_SECONDS = 0.07
"""For so many squares, on such a core (CPython 3.11, 2026)."""


def slowness() -> float:
    """1 on a machine as fast as the reference or faster, 2 on one that takes twice as long."""
    return slowness_of([_squares() for _ in range(ROUNDS)])


def slowness_of(seconds: list[float]) -> float:
    """By the middle one of some measurements."""
    return max(1.0, statistics.median(seconds) / REFERENCE_SECONDS)


def _squares() -> float:
    started = time.perf_counter()
    sum(number * number for number in range(SQUARES))
    return time.perf_counter() - started
