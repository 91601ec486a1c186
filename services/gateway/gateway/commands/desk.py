"""The desk: departments' commands, taken many at a time, answered or handed on.

A command is remembered before it is handed on, and acknowledged after the broker has confirmed
it: whatever happens in between, it comes again and is told by its id.
"""

import asyncio
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from case_bus.port import Outgoing, Publisher
from case_bus.topology import COMMANDS as EXCHANGE
from case_contracts.commands import Command, Forwarded, OperationCommand
from gateway.adapters.forwarded import ForwardedCommands
from gateway.adapters.log_rows import rows_about
from gateway.commands.reading import Unreadable, body_hash, forwarded_id, read
from gateway.domain.rights import about, refusal
from gateway.domain.rows import ANSWERED, Row
from gateway.metrics import COMMANDS
from service_kit import clock
from service_kit.events.numbered import Entry, NumberedLogs
from service_kit.mongo import UNKNOWN_OUTCOME, Database, Document

log = structlog.get_logger()
AT_ONCE = 64
PAUSES = (0.05, 0.2, 1.0, 2.0)
PLACE = ("_id", "seat", "log", "number")
Park = Callable[[str, bytes, str], Any]


@dataclass
class _Brought:
    """A command as it came; ``by`` is who sent it over HTTP."""

    department: str
    body: bytes
    wrong_sender: bool
    by: str | None
    command: Command | None = None
    forwarded: str = ""
    done: "asyncio.Future[str]" = field(default_factory=asyncio.Future)


class Desk:
    def __init__(
        self,
        database: Database,
        logs: NumberedLogs,
        publisher: Publisher,
        park: Park,
        *,
        district: str,
    ) -> None:
        self._database, self._logs, self._publisher = database, logs, publisher
        self._park, self._district = park, district
        self._forwarded = ForwardedCommands(database)
        self._queue: list[_Brought] = []
        self._arrived = asyncio.Event()

    async def take(
        self, department: str, body: bytes, *, wrong_sender: bool = False, by: str | None = None
    ) -> str:
        """What became of it, when that is certain: forwarded, answered_again, parked or the
        code of its refusal. Only then may the message be acknowledged.

        ``by`` is kept with the command: who of the department's people or programs sent it.
        """
        brought = _Brought(department, body, wrong_sender, by)
        self._queue.append(brought)
        self._arrived.set()
        outcome = await asyncio.shield(brought.done)
        COMMANDS.labels(department, outcome).inc()
        return outcome

    async def run(self) -> None:
        """Work through what is brought, for ever; while the store is away, wait for it."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                batch, self._queue = self._queue[:AT_ONCE], self._queue[AT_ONCE:]
                await self._until_done(batch)

    async def _until_done(self, batch: Sequence[_Brought]) -> None:
        attempt = 0
        while left := [each for each in batch if not each.done.done()]:
            try:
                await self._batch(left)
            except UNKNOWN_OUTCOME as error:
                log.warning("desk_waits_for_store", error=type(error).__name__)
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
                attempt += 1
            except Exception as error:  # a fault of ours: the senders' messages come again
                log.exception("desk_failed")
                for each in left:
                    if not each.done.done():
                        each.done.set_exception(error)

    async def _batch(self, batch: Sequence[_Brought]) -> None:
        read_well = [each for each in batch if await self._readable(each)]
        subjects = list({about(c) for each in read_well if (c := each.command)})
        rows = await rows_about(self._database, subjects)
        good: list[_Brought] = []
        for each in read_well:
            assert each.command is not None
            code = refusal(each.command, each.department, rows[about(each.command)])
            if code is None:
                good.append(each)
            else:
                await self._refuse(each, each.command.id, each.command.name, code)
        if good:
            await self._hand_on(await self._remember(good))

    async def _readable(self, each: _Brought) -> bool:
        try:
            each.command = read(each.body)
        except Unreadable as problem:
            await self._unreadable(each, problem)
            return False
        each.forwarded = forwarded_id(each.department, each.command.id)
        if each.wrong_sender:
            await self._refuse(each, each.command.id, each.command.name, "wrong_sender")
        return not each.wrong_sender

    async def _unreadable(self, each: _Brought, problem: Unreadable) -> None:
        if problem.id is not None:
            await self._refuse(each, problem.id, problem.name, "invalid")
            return
        await self._park(each.department, each.body, problem.reason)
        each.done.set_result("parked")

    async def _refuse(self, each: _Brought, command: str, name: str, code: str) -> None:
        data = {"command": command, "name": name, "accepted": False, "code": code, "retry": False}
        row: Row = {
            "kind": ANSWERED,
            "about": f"refused:{command}",
            "department": each.department,
            "traceparent": each.command.traceparent if each.command else None,
            "data": data,
        }
        await self._logs.append({f"answer:{uuid.uuid4().hex}": Entry(each.department, row)})
        each.done.set_result(code)

    async def _remember(self, good: Sequence[_Brought]) -> list[_Brought]:
        """Those that are to be handed on: new ones, and repeated ones that have no answer yet."""
        before = await self._forwarded.remember([self._document(each) for each in good])
        again = [each for each in good if each.forwarded in before]
        if again:
            known = await self._forwarded.by_ids(before)
            answers = await rows_about(self._database, sorted(before))
            for each in again:
                await self._repeated(each, known[each.forwarded], answers[each.forwarded])
        return [each for each in good if not each.done.done()]

    async def _repeated(self, each: _Brought, known: Document, answers: Sequence[Any]) -> None:
        assert each.command is not None
        # What else came of the command is kept without a number, and is no answer to it.
        answer = next((row for row in answers if row["log"] == each.department), None)
        if known["hash"] != body_hash(each.command):
            await self._refuse(each, each.command.id, each.command.name, "command_id_reused")
        elif answer is not None:
            said = {k: v for k, v in answer.items() if k not in PLACE}
            entry = Entry(each.department, said)
            await self._logs.append({f"answer:{uuid.uuid4().hex}": entry})
            each.done.set_result("answered_again")

    def _document(self, each: _Brought) -> Document:
        assert each.command is not None
        return {
            "_id": each.forwarded,
            "department": each.department,
            "command": each.command.id,
            "name": each.command.name,
            "hash": body_hash(each.command),
            "at": clock.now(),
            "by": each.by,
        }

    async def _hand_on(self, good: Sequence[_Brought]) -> None:
        waiting = [self._message(each) for each in good]
        attempt = 0
        while failed := [e for e in await self._publisher.publish(waiting) if e is not None]:
            log.warning("handing_on_waits", count=len(failed), reason=failed[0].reason)
            waiting = [error.message for error in failed]
            await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)])
            attempt += 1
        for each in good:
            each.done.set_result("forwarded")

    def _message(self, each: _Brought) -> Outgoing:
        assert each.command is not None
        forwarded = Forwarded(
            id=each.forwarded,
            department=each.department,
            district=self._district,
            received_at=clock.now(),
            traceparent=each.command.traceparent,
            command=each.command,
        )
        service = "joint" if isinstance(each.command, OperationCommand) else "dispatch"
        headers = {"traceparent": forwarded.traceparent} if forwarded.traceparent else {}
        return Outgoing(EXCHANGE, service, forwarded.model_dump_json().encode(), headers)
