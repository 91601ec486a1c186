"""What assessment knows of its district."""

from collections.abc import Sequence
from dataclasses import dataclass

from case_contracts.events.registry import DistrictPublished


@dataclass(frozen=True)
class World:
    """``zone``: where a month begins and ends; None until the district is published."""

    zone: str | None


def build_zone(districts: Sequence[DistrictPublished]) -> str | None:
    """The zone of the newest word on the district."""
    return districts[-1].zone if districts else None
