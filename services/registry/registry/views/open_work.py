"""What is open in whose hands, as far as dispatch's events have come."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel

from case_contracts.catalogue import parse
from case_contracts.events.base import EventData
from case_contracts.events.dispatch import (
    CaseReceived,
    PlacingRequested,
    TaskAssigned,
    VerificationRequested,
)
from case_contracts.values import Party
from service_kit.mongo import ASCENDING, Database

TURNS = "mirror_turn"
HELD_BY = ("handler", "verifier", "placer")


class OpenWork(BaseModel):
    """A case in somebody's hands: ``kind`` is ``task``, ``verification`` or ``placing``."""

    case: str
    kind: str
    posting: str
    grid: str | None
    since: datetime
    due_at: datetime | None


async def prepare(database: Database) -> None:
    """By person; a closed case has none, and leaves the indexes."""
    for role in HELD_BY:
        field = f"data.{role}.person"
        await database[TURNS].create_index([(field, ASCENDING)], name=role, sparse=True)


async def of(database: Database, person: str) -> list[OpenWork]:
    """All that is open in a person's hands, the oldest first."""
    found: list[OpenWork] = []
    for role in HELD_BY:
        query = {f"data.{role}.person": {"$in": [person]}}
        async for document in database[TURNS].find(query, {"type": 1, "data": 1}):
            found += _open(parse(document["type"], document["data"]))
    return sorted(found, key=lambda work: (work.since, work.case))


def _open(event: EventData) -> Iterator[OpenWork]:
    match event:
        case TaskAssigned():
            yield _work(event.case, "task", event.handler, event.assigned_at, event.due_at)
        case VerificationRequested(verifier=Party() as by):
            yield _work(event.case, "verification", by, event.requested_at, event.due_at)
        case PlacingRequested():
            yield _work(event.case, "placing", event.placer, event.requested_at)
        case CaseReceived(placer=Party() as by):
            yield _work(event.case, "placing", by, event.reported_at)


def _work(
    case: str, kind: str, by: Party, since: datetime, due_at: datetime | None = None
) -> OpenWork:
    return OpenWork(case=case, kind=kind, posting=by.id, grid=by.grid, since=since, due_at=due_at)
