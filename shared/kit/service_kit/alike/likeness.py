"""How alike two reports of one matter are, from their places and times."""

from dataclasses import dataclass
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_320.0
SECONDS = 3600.0
TIME_WEIGHT = 0.6
"""What the whole of a rule's hours takes from the score; the whole of its metres takes all."""


@dataclass(frozen=True, slots=True)
class Located:
    """A report with its exact place (WGS-84 degrees), which opens or has opened ``case``.

    ``at`` is when it was reported, in Unix seconds. ``staff``: who reported it is trained to,
    and sees two problems side by side for two.
    """

    report: str
    case: str
    matter: str
    lon: float
    lat: float
    at: float
    staff: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """An older report beside a new one: ``score`` is 1 for the same place at the same moment."""

    older: Located
    metres: float
    hours: float
    score: float


def metres_between(one: Located, other: Located) -> float:
    """On the plane that touches the earth there: exact enough for a few kilometres."""
    wide = (one.lon - other.lon + 180.0) % 360.0 - 180.0
    east = wide * cos(radians((one.lat + other.lat) / 2))
    return hypot(east, one.lat - other.lat) * METRES_PER_DEGREE


def compare(new: Located, older: Located, metres: float, hours: float) -> Alike | None:
    """None beyond ``metres`` or ``hours``.

    The place counts in full and the time somewhat less: a problem stays where it is, and is told
    again for as long as nobody has dealt with it.
    """
    gap = abs(new.at - older.at) / SECONDS
    if gap > hours:
        return None
    away = metres_between(new, older)
    if away > metres:
        return None
    score = (1 - away / metres) * (1 - TIME_WEIGHT * gap / hours)
    return Alike(older, away, gap, score)
