"""What decisions know besides the operation itself."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Policy:
    """``arrival``: how long after the whistle a unit may take to arrive."""

    arrival: timedelta


@dataclass(frozen=True)
class World:
    policy: Policy
