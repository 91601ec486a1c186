"""From when on a thing holds that says no beginning; and that the past stays as it was."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from case_contracts.district import DistrictError, Raw
from case_contracts.events.base import EventData
from registry.domain.kinds import Kind, kind_of, starts
from registry.domain.record import standing
from registry.domain.step import Step

Published = Mapping[str, Sequence[EventData]]
TIMES = {"valid_from", "valid_to"}


def dated(kind: Kind, raws: Iterable[Raw], published: Published, now: datetime) -> list[Raw]:
    """The items, each with a beginning: what stands just so keeps its own, all else begins now."""
    return [_with_beginning(kind, raw, published, now) for raw in raws]


def _with_beginning(kind: Kind, raw: Raw, published: Published, now: datetime) -> Raw:
    if raw.value.get("valid_from"):
        return raw
    said = published.get(_aggregate(kind, raw), ())
    stands = next((span.data for span in standing(kind, said) if span.valid(now)), None)
    begins = starts(stands) if stands is not None and _same(stands, raw) else now
    return raw.model_copy(update={"value": {**raw.value, "valid_from": begins.isoformat()}})


def _same(stands: EventData, raw: Raw) -> bool:
    """But for the times; what cannot be read is judged elsewhere."""
    given = stands.model_dump(include=TIMES) | raw.value
    try:
        wanted = type(stands).model_validate(given)
    except ValidationError:
        return False
    return wanted.model_dump(exclude=TIMES) == stands.model_dump(exclude=TIMES)


def _aggregate(kind: Kind, raw: Raw) -> str:
    name = ":".join(str(raw.value.get(field)) for field in kind.key)
    return name if name.startswith(f"{kind.name}:") else f"{kind.name}:{name}"


def check_past(
    steps: Iterable[Step], published: Published, now: datetime
) -> Iterator[DistrictError]:
    """An error for each thing that was there, and would have been another than it was."""
    for step in steps:
        said = published.get(step.aggregate)
        if said and _past(step.aggregate, said, now) != _past(
            step.aggregate, [*said, *step.events], now
        ):
            yield DistrictError(
                code="past_changed",
                message=f"{step.aggregate}: this changes what stood before {now.isoformat()}",
                hint="give it a valid_from and a valid_to from now on; the past stays as it was",
            )


def _past(
    aggregate: str, said: Sequence[EventData], now: datetime
) -> list[tuple[datetime, datetime, dict[str, Any]]]:
    return [
        (span.start, min(span.end, now), span.data.model_dump(exclude=TIMES))
        for span in standing(kind_of(aggregate), said)
        if span.start < now
    ]
