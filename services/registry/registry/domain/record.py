"""The state of one thing: what was published of it, in order, and what stands when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from registry.domain.kinds import Kind, ends, starts
from service_kit.validity import END, Span, overlay


class Said(BaseModel):
    """One published event, as its payload was; read in the newest version's terms."""

    type: str
    data: dict[str, Any]


class Record(BaseModel):
    """All that was said about one thing. It only grows: the past is part of the answer."""

    said: tuple[Said, ...] = ()

    def events(self) -> list[EventData]:
        return [parse(each.type, each.data) for each in self.said]

    def after(self, event: EventData) -> "Record":
        said = Said(type=event.SPEC.type, data=event.model_dump(mode="json"))
        return Record(said=(*self.said, said))


def standing(kind: Kind, events: Sequence[EventData]) -> list[Span[EventData]]:
    """What stands of a thing when, later decisions prevailing over earlier ones.

    What may be replaced has one saying for each start: the last.
    """
    events = in_force(kind, events)
    if kind.replaceable:
        events = list({starts(event): event for event in events}.values())
    return overlay([_decision(kind, event) for event in events])


def in_force(kind: Kind, events: Sequence[EventData]) -> list[EventData]:
    """What was published or ended: proposals, approvals and reviews settle nothing yet."""
    settled = (kind.published, *([kind.ended] if kind.ended else []))
    return [event for event in events if isinstance(event, settled)]


def _decision(kind: Kind, event: EventData) -> tuple[EventData | None, datetime, datetime]:
    if isinstance(event, kind.published):
        return event, starts(event), ends(event)
    return None, ends(event), END


def as_standing(span: Span[EventData]) -> EventData:
    """The payload with the time for which it really stands."""
    fields = type(span.data).model_fields
    times = {"valid_from": span.start, "valid_to": None if span.end == END else span.end}
    return span.data.model_copy(update={k: v for k, v in times.items() if k in fields})
