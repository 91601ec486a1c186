"""Writing mirrors and facts, many at a time."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from case_contracts.envelope import Envelope
from service_kit.events import mirrors
from service_kit.events.numbered import Drafted, Numbered, NumberedLogs
from service_kit.events.subscriptions import Fact, Mirror
from service_kit.mongo import Database, Document, insert_new, replace_older

BATCH_SIZE = 256
FIRST = 1
"""What sequences begin with."""


@dataclass
class _Row:
    entry: Mirror | Fact
    event_id: str
    document: Document
    done: "asyncio.Future[None]" = field(default_factory=asyncio.Future)


class Recorder:
    """Takes what is there, writes it in one go per collection, then tells the senders."""

    def __init__(self, database: Database, stamps: mirrors.Stamps | None = None) -> None:
        """``stamps`` are told of this process's own writes to mirrors."""
        self._database, self._stamps = database, stamps
        self._queue: list[_Row] = []
        self._arrived = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._logs: dict[str, NumberedLogs] = {}
        self._written: dict[str, asyncio.Event] = {}

    def written(self, collection: str) -> asyncio.Event:
        """Set at this process's next write to a mirror; what other replicas write is found by
        asking."""
        return self._written.setdefault(collection, asyncio.Event())

    def logs(self, collection: str) -> NumberedLogs:
        """The numbered logs of a collection; whoever appends in this process uses this one."""
        return self._logs.setdefault(collection, NumberedLogs(self._database, collection))

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def record(self, entry: Mirror | Fact, envelope: Envelope, data: Any) -> None:
        """Return when the row is stored, or a newer one is there; raises the store's errors."""
        document = document_of(entry, envelope, data)
        if document is None:
            return
        row = _Row(entry, envelope.id, document)
        self._queue.append(row)
        self._arrived.set()
        await row.done

    async def _run(self) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                rows, self._queue = self._queue[:BATCH_SIZE], self._queue[BATCH_SIZE:]
                await self._write(rows)

    async def _write(self, rows: Sequence[_Row]) -> None:
        groups: dict[tuple[str, Any], list[_Row]] = defaultdict(list)
        for row in rows:
            kind = row.entry.settle if isinstance(row.entry, Numbered) else type(row.entry)
            groups[(row.entry.collection, kind)].append(row)
        await asyncio.gather(*(self._group(name, group) for (name, _), group in groups.items()))

    async def _group(self, name: str, rows: list[_Row]) -> None:
        error: Exception | None = None
        try:
            await self._store(name, rows)
        except Exception as failure:  # told to every sender, who holds or retries its message
            error = failure
        for row in rows:
            if not row.done.done():
                row.done.set_exception(error) if error else row.done.set_result(None)

    async def _store(self, name: str, rows: list[_Row]) -> None:
        entry = rows[0].entry
        if isinstance(entry, Numbered):
            drafts = [Drafted(row.event_id, row.document) for row in rows]
            await self.logs(name).record(entry.settle, drafts)
        elif isinstance(entry, Fact):
            await self._facts(name, rows)
        else:
            await self._mirrors(name, rows)

    async def _facts(self, name: str, rows: list[_Row]) -> None:
        documents = {row.event_id: row.document for row in rows}
        await insert_new(self._database[name], list(documents.values()))

    async def _mirrors(self, name: str, rows: list[_Row]) -> None:
        newest: dict[str, Document] = {}
        for row in rows:
            known = newest.get(row.document["_id"])
            if known is None or known["sequence"] < row.document["sequence"]:
                newest[row.document["_id"]] = row.document
        await self._store_newer(name, list(newest.values()))
        await mirrors.stamp(self._database, name, str(uuid.uuid4()), newest)
        if self._stamps is not None:
            self._stamps.forget()
        if (waited_for := self._written.pop(name, None)) is not None:
            waited_for.set()

    async def _store_newer(self, name: str, documents: Sequence[Document]) -> None:
        """Each unless as new a one is there. The first of its subject can replace none, so it is
        inserted: of a district that is loaded all are, at a tenth of what a replacement costs the
        embedded store."""
        firsts = [each for each in documents if each["sequence"] <= FIRST]
        if firsts:
            await insert_new(self._database[name], firsts)
        later = [each for each in documents if each["sequence"] > FIRST]
        await replace_older(self._database[name], later, by="sequence")


def document_of(entry: Mirror | Fact, envelope: Envelope, data: Any) -> Document | None:
    """What is stored for an event; None where the fact's row function says that it is none."""
    if isinstance(entry, Mirror):
        return mirror_document(entry, envelope, data)
    content = entry.row(data, envelope)
    if content is None or isinstance(entry, Numbered):
        return None if content is None else dict(content)
    return {"_id": envelope.id, **content}


def mirror_document(entry: Mirror, envelope: Envelope, data: Any) -> Document:
    """Under the newest type that the event is read as, so that versions share one document."""
    event_type = data.SPEC.type
    return {
        "_id": f"{event_type}|{entry.key(data, envelope)}",
        "type": event_type,
        "subject": envelope.subject,
        "sequence": envelope.number,
        "event_id": envelope.id,
        "data": data.model_dump(mode="json"),
    }
