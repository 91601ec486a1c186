"""A step of a change: what is said of one thing, decided with the change as a whole."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from case_contracts.events.registry import GridPublished
from registry.domain.kinds import KINDS

_ORDER = {kind: place for place, kind in enumerate(KINDS)}


@dataclass(frozen=True)
class Step:
    """The events that one thing gets."""

    aggregate: str
    events: tuple[EventData, ...]

    @property
    def stage(self) -> tuple[int, int]:
        """Steps of one stage may be published together: by kind, grids level by level."""
        kind = self.aggregate.partition(":")[0]
        depths = (len(e.path) for e in self.events if isinstance(e, GridPublished))
        return _ORDER.get(kind, len(_ORDER)), max(depths, default=0)

    def plain(self) -> dict[str, Any]:
        """As it is stored; ``read`` is the way back."""
        said = [{"type": e.SPEC.type, "data": e.model_dump(mode="json")} for e in self.events]
        return {"aggregate": self.aggregate, "events": said}


def read(plain: dict[str, Any]) -> Step:
    events = tuple(parse(each["type"], each["data"]) for each in plain["events"])
    return Step(str(plain["aggregate"]), events)


def digest(plain: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 (hex) over steps in their order, each as it is stored."""
    sums = hashlib.sha256()
    for step in plain:
        sums.update(orjson.dumps(step, option=orjson.OPT_SORT_KEYS))
    return sums.hexdigest()


def counted(steps: Sequence[Step]) -> dict[str, int]:
    """How many events of each type."""
    return dict(Counter(event.SPEC.type for step in steps for event in step.events))
