"""Our part in an operation: as a called unit, or as its lead."""

import asyncio
from datetime import timedelta
from typing import Any

import structlog

from case_contracts import clock
from case_contracts import commands as said
from case_contracts.inbox import InvitationItem
from department_sdk.asking import Asker
from department_sdk.handlers import CallHandler, come
from department_sdk.outcomes import Declined
from department_sdk.task import Call, Step
from department_sdk.tracing import span

log = structlog.get_logger()
COMMANDS: dict[str, type[said.OperationCommand]] = {
    "join": said.Join,
    "arrive": said.Arrive,
    "sign_off": said.SignOff,
}
DONE = ("declined", "signed_off")


class Refused(Exception):
    """The operation is over, or was never ours."""


class OperationRun:
    """Joins, arrives, works and signs off; or declines. As lead it waits for the units and then
    signs off, which concludes the operation; those that have not come by ``patience`` after the
    arrival limit are not waited for any longer."""

    def __init__(
        self,
        item: InvitationItem,
        handler: CallHandler | None,
        asker: Asker,
        *,
        patience: timedelta,
    ) -> None:
        self._item, self._handler, self._asker = item, handler, asker
        self._patience, self._traceparent = patience, item.traceparent
        self._taken: set[str] = set()
        self._missing = set(item.units) - {item.lead}
        self._all_done = asyncio.Event()

    def done(self, unit: str) -> None:
        """Told to the lead: nothing more is to be expected of a unit."""
        self._missing.discard(unit)
        if not self._missing:
            self._all_done.set()

    async def run(self) -> None:
        item = self._item
        about = {"case.subject": item.case, "operation": item.operation}
        try:
            with span("department.operation", item.traceparent, **about) as self._traceparent:
                await (self._lead() if item.lead == item.department else self._support())
        except Refused as refused:
            log.warning("operation_ends", operation=self._item.operation, code=str(refused))

    async def _lead(self) -> None:
        if self._missing:
            left = self._item.arrive_by + self._patience - clock.now()
            real = clock.clock().real_seconds(max(left, timedelta(0)))
            try:
                async with asyncio.timeout(real):
                    await self._all_done.wait()
            except TimeoutError:
                log.warning("units_missing", operation=self._item.operation)
        await self._take("sign_off")

    async def _support(self) -> None:
        call = Call(self._item, self._take)
        answer = await come(self._handler, call)
        if isinstance(answer, Declined) and not self._taken:
            await self._settle(said.Decline, "decline", reason=answer.reason)
            return
        await call.arrive()
        await self._take("sign_off")

    async def _take(self, step: Step | str) -> None:
        """Each step once, also where the handler has taken it already."""
        if step not in self._taken:
            await self._settle(COMMANDS[step], step)
            self._taken.add(step)

    async def _settle(self, command: type[said.OperationCommand], step: str, **fields: Any) -> None:
        def make(again: str) -> said.Command:
            return command(
                id=f"{self._item.operation}:{step}{again}",
                sent_at=clock.now(),
                traceparent=self._traceparent,
                operation=self._item.operation,
                **fields,
            )

        answer = await self._asker.ask_until_settled(make)
        if not answer.accepted:
            raise Refused(answer.code)
