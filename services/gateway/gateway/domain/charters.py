"""Which charter entries hold: looked at again whenever a task's words are about to go out."""

from dataclasses import dataclass, field

from service_kit.charters import Charters


@dataclass(frozen=True)
class World:
    """What the gateway's decisions need of other services."""

    charters: Charters = field(default_factory=Charters)
