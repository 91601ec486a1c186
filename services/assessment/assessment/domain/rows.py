"""A fact: one event, reduced to what figures need. Figures are queries over these rows."""

from typing import NamedTuple


class Kind:
    """What happened, as one letter: rows are stored by the million."""

    OPENED = "o"
    PLACED = "g"
    ASSIGNED = "a"
    COMPLETED = "c"
    RETURNED = "r"
    REVOKED = "v"
    OVERDUE = "l"
    PASSED = "p"
    FAILED = "f"
    CLOCK = "k"
    PAUSED = "h"
    MOVED = "m"
    CLOSED = "x"
    REOPENED = "y"
    VOIDED = "n"
    RATED = "s"


class Row(NamedTuple):
    """One event. ``at`` and ``due`` are Unix seconds of the time of occurrence.

    ``sequence`` orders the rows of one case that have the same owner; ``handler`` is
    ``department:<id>`` or ``post:<id>``; ``path`` the grids from the root down to the case's
    own, separated by blanks; ``code`` a detail of the kind (which clock, solved or not,
    recorded or not).
    """

    event: str
    kind: str
    sequence: int
    case: str
    at: float
    due: float | None = None
    task: str | None = None
    assignment: int | None = None
    handler: str | None = None
    path: str | None = None
    code: str | None = None
