"""What was stated on a case, by which event: only what an event refers to was ever said."""

from collections.abc import AsyncIterator
from datetime import datetime

from pydantic import BaseModel

from case_contracts.values import Ref, Text
from dispatch.views.timeline import Entry, Involved, entry
from service_kit.mongo import Database
from service_kit.store.commits import Commits

AT_ONCE = 100


class Stated(BaseModel):
    """A statement with its words; null where it was erased. ``event`` is what it went with."""

    statement: Ref
    event: str
    label: Text
    at: datetime
    who: list[Involved]
    words: str | None


async def referred(database: Database, case: str) -> list[Entry]:
    """The events of a case that refer to a statement, in their order."""
    return [each async for each in _entries(database, case) if each.statement is not None]


async def _entries(database: Database, case: str) -> AsyncIterator[Entry]:
    commits, version = Commits(database), 0
    while True:
        ids = [f"{case}:{each}" for each in range(version + 1, version + 1 + AT_ONCE)]
        found = await commits.by_ids(ids)
        for each in ids:
            for stored in found[each].events if each in found else ():
                yield entry(stored)
        if len(found) < AT_ONCE:
            return
        version += AT_ONCE
