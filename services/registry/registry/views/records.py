"""The records of things, as their views know them."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from case_contracts.events.base import EventData
from registry.domain.kinds import Kind, kind_of
from registry.domain.record import Record, as_standing, standing
from service_kit.mongo import Database, Document
from service_kit.validity import Span

D = TypeVar("D", bound=EventData)


def events_of(documents: Iterable[Document]) -> dict[str, list[EventData]]:
    """What was said of each aggregate, in order."""
    return {d["_id"]: Record.model_validate(d["state"]).events() for d in documents}


async def spans(database: Database, kind: Kind, query: Document) -> list[Span[EventData]]:
    """What stands when, of all things of a kind that the query finds."""
    documents = [d async for d in database[f"view_{kind.name}"].find(query, {"state": 1})]
    known = events_of(documents)
    return [span for aggregate in sorted(known) for span in standing(kind, known[aggregate])]


async def one(database: Database, aggregate: str) -> list[EventData]:
    """All that was said of one thing; nothing if it is not known."""
    query = {"_id": aggregate}
    found = await database[f"view_{kind_of(aggregate).name}"].find_one(query, {"state": 1})
    return events_of([found])[aggregate] if found else []


async def valid(
    database: Database, kind: Kind, model: type[D], query: Document, when: datetime
) -> list[D]:
    """The payloads that stand at a time, each with the end that it really has."""
    found = await spans(database, kind, query)
    payloads = (as_standing(span) for span in found if span.valid(when))
    return [payload for payload in payloads if isinstance(payload, model)]
