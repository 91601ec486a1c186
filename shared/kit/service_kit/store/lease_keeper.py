"""The writer under which a process inserts: its lease is renewed, and a lost one is replaced."""

import asyncio
from collections.abc import Callable

import structlog

from service_kit.mongo import UNKNOWN_OUTCOME, Database, PyMongoError
from service_kit.store.writers import LAPSE_SECONDS, RENEW_SHARE, LeaseLost, Writer

log = structlog.get_logger()
AGAIN_SECONDS = 0.5


class LeaseKeeper:
    """``writer`` is the present one. ``lost`` is called when its lease was found lost."""

    def __init__(
        self,
        database: Database,
        service: str,
        lost: Callable[[], None],
        *,
        lapse_seconds: float = LAPSE_SECONDS,
    ) -> None:
        self._database, self._service = database, service
        self._lost, self._lapse_seconds = lost, lapse_seconds
        self.writer = self._new()

    async def replace(self) -> None:
        """Open another writer, however long it takes; the one before is given up, and its
        take-over publishes what it has not."""
        while True:
            writer = self._new()
            try:
                await writer.open()
                break
            except PyMongoError as error:
                log.warning("writer_not_opened", error=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
        self.writer.give_up()
        self.writer = writer

    async def run(self) -> None:
        """Renew the lease for ever."""
        while True:
            await asyncio.sleep(self._lapse_seconds * RENEW_SHARE)
            writer = self.writer
            try:
                await writer.renew()
            except LeaseLost:
                writer.give_up()
                self._lost()
            except PyMongoError as error:
                log.warning("lease_not_renewed", writer=writer.id, error=type(error).__name__)

    async def end(self, *, finished: bool) -> None:
        """Close the writer; one with something unpublished is left open, for others to take
        over."""
        try:
            if finished and self.writer.settled:
                await self.writer.close()
                return
        except (LeaseLost, *UNKNOWN_OUTCOME):
            pass
        log.warning("writer_left_open", writer=self.writer.id)

    def _new(self) -> Writer:
        return Writer(self._database, self._service, lapse_seconds=self._lapse_seconds)
