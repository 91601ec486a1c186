"""The evidence of a task, for the department whose task it is, and only while it is."""

import time
from collections.abc import AsyncGenerator
from contextlib import AbstractContextManager, ExitStack, aclosing
from dataclasses import dataclass, replace

from case_contracts.inbox import Attachment
from gateway.adapters.evidence import IntakeEvidence, Kept, Opened, Sent
from gateway.domain.attachments import attachments
from gateway.views.rights import Rights
from gateway.views.room import Room

LOOK_SECONDS = 0.25
"""How often the right is looked at again while a file passes, in either direction."""


@dataclass(frozen=True)
class Listed:
    attachments: list[Attachment]
    withheld: int


class TaskEvidence:
    """The right is looked at when it is asked, and again before anything is given away. No
    department has more than its share of files on their way.

    Everything raises NotFound for what is foreign, unknown, revoked or over: the four look the
    same. And what intake refuses, or Unavailable.
    """

    def __init__(self, rights: Rights, intake: IntakeEvidence) -> None:
        self._rights, self._intake, self._room = rights, intake, Room()

    async def listed(self, department: str, taskid: str) -> Listed:
        """What there is now: reporters go on adding photos after the task was given."""
        row = await self._rights.task(department, taskid)
        found = await self._intake.of_case(row["case"])
        await self._rights.task(department, taskid)
        return Listed(attachments(department, taskid, found), found.withheld)

    async def opened(self, department: str, taskid: str, evidence: str) -> Opened:
        """One file; its chunks end with NotFound when the right does."""
        row = await self._rights.task(department, taskid)
        with ExitStack() as until_then:
            until_then.enter_context(self._room.place(department))
            file = await self._intake.open(row["case"], evidence)
            place = until_then.pop_all()
        chunks = self._while_theirs(department, taskid, file.chunks)
        return replace(file, chunks=_holding(place, chunks))

    async def attach(self, sent: Sent) -> Kept:
        """Put a file with the task; where the right ends while it comes, nothing is attached."""
        row = await self._rights.task(sent.department, sent.taskid)
        chunks = self._while_theirs(sent.department, sent.taskid, sent.chunks)
        with self._room.place(sent.department):
            return await self._intake.attach(row["case"], replace(sent, chunks=chunks))

    async def _while_theirs(
        self, department: str, taskid: str, chunks: AsyncGenerator[bytes]
    ) -> AsyncGenerator[bytes]:
        """The chunks, as long as the task is the department's: looked at before the first one,
        and before each that comes later than a moment after the look before."""
        looked = float("-inf")
        async with aclosing(chunks):
            async for chunk in chunks:
                if time.monotonic() - looked >= LOOK_SECONDS:
                    await self._rights.task(department, taskid)
                    looked = time.monotonic()
                yield chunk


async def _holding(
    place: AbstractContextManager[object], chunks: AsyncGenerator[bytes]
) -> AsyncGenerator[bytes]:
    """The chunks; the place is free again after them, or when they are closed."""
    with place:
        async with aclosing(chunks):
            async for chunk in chunks:
                yield chunk
