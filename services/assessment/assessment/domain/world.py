"""What assessment knows of its district."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from case_contracts.events.registry import DistrictPublished
from service_kit.ties import Ties


@dataclass(frozen=True)
class World:
    """``zone``: where a month begins and ends; None until the district is published. ``ties``:
    who is under whom, and so must not see what complains of them."""

    zone: str | None
    ties: Ties = field(default_factory=Ties)


def build_zone(districts: Sequence[DistrictPublished]) -> str | None:
    """The zone of the newest word on the district."""
    return districts[-1].zone if districts else None
