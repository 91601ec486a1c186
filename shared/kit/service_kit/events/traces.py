"""The traces that a handled event leaves: by them what was lost is told from what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from case_contracts.envelope import Envelope
from service_kit.events.recorder import mirror_document
from service_kit.events.subscriptions import Command, Fact, Mirror, Subscription, Subscriptions
from service_kit.mongo import Database
from service_kit.store.commits import Commits

PAGE = 500


@dataclass(frozen=True)
class Published:
    """An event as its owner's list of commits names it; ``recorded`` in Unix seconds."""

    id: str
    type: str
    recorded: float


class Traces:
    """What one service's database knows of events; ``since`` is when the service first ran."""

    def __init__(self, database: Database, subscriptions: Subscriptions, since: float) -> None:
        self._database, self._subscriptions, self.since = database, subscriptions, since

    async def without(self, events: Sequence[Published]) -> set[str]:
        """The ids that lack a trace of some subscription, and are not held.

        A mirror leaves no trace by id, so its events are among these; ``lacks`` decides, and so
        it does where a handler may find that the event does not concern it.
        """
        missing: set[str] = set()
        for start in range(0, len(events), PAGE):
            missing |= await self._page(events[start : start + PAGE])
        return missing

    async def lacks(self, envelope: Envelope) -> bool:
        """Whether something that the event asks for here has not been done."""
        data = envelope.payload()
        for entry in self._subscriptions.of(envelope.type):
            if await self._entry_lacks(entry, envelope, data):
                return True
        return False

    async def _page(self, events: Sequence[Published]) -> set[str]:
        held = await self._held([event.id for event in events])
        missing: set[str] = set()
        for event_type in {event.type for event in events}:
            of_type = [e for e in events if e.type == event_type and e.id not in held]
            for entry in self._subscriptions.of(event_type):
                missing |= await self._untraced(entry, of_type)
        return missing

    async def _held(self, ids: list[str]) -> set[str]:
        found = self._database["held"].find({"event": {"$in": ids}}, {"event": 1})
        return {d["event"] async for d in found}

    async def _untraced(self, entry: Subscription, events: Sequence[Published]) -> set[str]:
        if isinstance(entry, Command) and entry.since_start:
            events = [e for e in events if e.recorded >= self.since]
        ids = [event.id for event in events]
        if isinstance(entry, Mirror) or not ids:
            return set(ids)
        return set(ids) - await self._seen(entry, ids)

    async def _seen(self, entry: Command | Fact, ids: list[str]) -> set[str]:
        if isinstance(entry, Command):
            return await Commits(self._database).handled(entry.name, ids)
        rows = self._database[entry.collection].find({"_id": {"$in": ids}}, {"_id": 1})
        return {d["_id"] async for d in rows}

    async def _entry_lacks(self, entry: Subscription, envelope: Envelope, data: Any) -> bool:
        if isinstance(entry, Mirror):
            document = mirror_document(entry, envelope, data)
            known = await self._database[entry.collection].find_one({"_id": document["_id"]})
            return known is None or known["sequence"] < envelope.number
        event = Published(envelope.id, envelope.type, envelope.recordedat.timestamp())
        if not await self._untraced(entry, [event]):
            return False
        if isinstance(entry, Fact):
            return entry.row(data, envelope) is not None
        return entry.translate(data, envelope) is not None
