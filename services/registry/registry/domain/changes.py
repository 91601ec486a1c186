"""What must be published so that a thing is as wanted; and what may not be changed any more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from case_contracts.events.base import EventData
from registry.domain.kinds import Kind, ends, starts, version
from registry.domain.record import as_standing, in_force, standing
from service_kit.errors import Refused
from service_kit.validity import END


class Unchangeable(Refused):
    """What was published stays as it was; ``hint`` says how to change it from now on."""

    def __init__(self, code: str, detail: str, hint: str) -> None:
        super().__init__(detail, code=code, hint=hint)
        self.hint = hint


def changes(kind: Kind, known: Sequence[EventData], wanted: EventData) -> list[EventData]:
    """The events that bring ``known`` to ``wanted``; none if it was already said.

    Raises Unchangeable where that would change a published version, or the past.
    """
    known = in_force(kind, known)
    if wanted in known and not kind.replaceable:
        return []
    same = next((e for e in reversed(known) if _same_entry(kind, e, wanted)), None)
    if same is None:
        _is_newest(kind, known, wanted)
        return [wanted]
    if same == wanted:
        return []
    if kind.ended is not None and _but_end(same) == _but_end(wanted):
        return _ended(kind, known, same, wanted)
    if kind.replaceable:
        return [wanted]
    raise _published_already(kind, wanted)


def _same_entry(kind: Kind, event: EventData, wanted: EventData) -> bool:
    if not isinstance(event, kind.published):
        return False
    if kind.versioned:
        return version(event) == version(wanted)
    return starts(event) == starts(wanted)


def _is_newest(kind: Kind, known: Sequence[EventData], wanted: EventData) -> None:
    newest = max((version(e) for e in known), default=0)
    if kind.versioned and version(wanted) < newest:
        raise Unchangeable(
            "version_not_newest",
            f"{kind.aggregate(wanted)} version {version(wanted)} was never published,"
            f" but version {newest} was",
            f"give it version {newest + 1}",
        )


def _but_end(data: EventData) -> dict[str, Any]:
    return data.model_dump(exclude={"valid_to"})


def _ended(
    kind: Kind, known: Sequence[EventData], same: EventData, wanted: EventData
) -> list[EventData]:
    """A new end, earlier than the one that stands, is an event of its own.

    An end holds for all that comes after it, so what else stands later is said again.
    """
    spans = standing(kind, known)
    if any(span.end > ends(wanted) for span in spans if span.data is same):
        later = [s for s in spans if s.start >= ends(wanted) and s.data is not same]
        return [end_of(kind, wanted), *(as_standing(span) for span in later)]
    until = _said_end(kind, known, same)
    if until < ends(wanted):
        raise Unchangeable(
            "ended_already",
            f"{kind.aggregate(wanted)} was ended at {until.isoformat()}",
            "leave its valid_to as it is, and add an entry that begins after it",
        )
    return []


def _said_end(kind: Kind, known: Sequence[EventData], same: EventData) -> datetime:
    """When it was said to end, by itself or afterwards; not: when something else took over."""
    after = known[next(n for n, event in enumerate(known) if event is same) :]
    return min(ends(event) for event in after if event is same or type(event) is kind.ended)


def end_of(kind: Kind, data: EventData) -> EventData:
    """The event that ends ``data`` at its ``valid_to``."""
    assert kind.ended is not None, f"a {kind.name} has no end before its time"
    assert ends(data) != END, "only what has an end can be ended"
    return kind.ended.model_validate(data.model_dump())


def _published_already(kind: Kind, wanted: EventData) -> Unchangeable:
    name = kind.aggregate(wanted)
    if kind.versioned:
        return Unchangeable(
            "version_published",
            f"{name} version {version(wanted)} is published with other content",
            f"a published version never changes: give it version {version(wanted) + 1}",
        )
    return Unchangeable(
        "validity_published",
        f"{name} from {starts(wanted).isoformat()} on is published with other content",
        "what was valid is never overwritten: give the changed one a valid_from of its own",
    )
