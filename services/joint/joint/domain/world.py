"""What decisions know besides the operation itself."""

from dataclasses import dataclass, field
from datetime import timedelta

from service_kit.ties import Ties


@dataclass(frozen=True)
class Policy:
    """``arrival``: how long after the whistle a unit may take to arrive."""

    arrival: timedelta


@dataclass(frozen=True)
class World:
    """``ties``: who is under whom, and so must not see what complains of them."""

    policy: Policy
    ties: Ties = field(default_factory=Ties)
