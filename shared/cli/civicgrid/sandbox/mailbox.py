"""The department's inbox as a log: read by cursor over HTTP, and pumped into its vhost."""

import asyncio
import contextlib
from collections.abc import Sequence

from case_bus.port import Delivery, Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import FROM_DEPARTMENT, TO_INBOX
from civicgrid.sandbox.desk import SandboxDesk

PREFETCH = 64
AGAIN_SECONDS = 0.5


class Mailbox:
    """Item n has the cursor n, from 1 on."""

    def __init__(self) -> None:
        self._bodies: list[bytes] = []
        self._grown = asyncio.Event()

    async def put(self, body: bytes) -> bool:
        self._bodies.append(body)
        self._grown.set()
        self._grown = asyncio.Event()
        return True

    async def after(self, cursor: int, limit: int, seconds: float | None) -> Sequence[bytes]:
        """The next items; waits so long for the first, None: for ever."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self._bodies) <= cursor:
                    await self._grown.wait()
        return self._bodies[cursor : cursor + limit]


class VhostLine:
    """The gateway's end of the department's vhost. Close it when done."""

    def __init__(self, url: str, user: str) -> None:
        """``url`` is the gateway's; ``user`` the department's, the one that may send commands."""
        self._user = user
        self._publisher = RabbitPublisher(url, name="sandbox")
        self._consumer = RabbitConsumer(url, name="sandbox")

    async def hear(self, desk: SandboxDesk) -> None:
        """Hand commands to the desk, from now on."""

        async def on_delivery(delivery: Delivery) -> None:
            wrong = delivery.user not in (None, self._user)
            await desk.take(delivery.body, wrong_sender=wrong)
            await delivery.ack()

        await self._consumer.start(FROM_DEPARTMENT, on_delivery, PREFETCH)

    async def fill(self, mailbox: Mailbox) -> None:
        """Publish the log in order, at least once, for ever."""
        cursor = 0
        while True:
            (body,) = await mailbox.after(cursor, 1, None)
            (error,) = await self._publisher.publish([Outgoing(TO_INBOX, "", body)])
            if error is None:
                cursor += 1
            else:
                await asyncio.sleep(AGAIN_SECONDS)

    async def close(self) -> None:
        await self._consumer.close()
        await self._publisher.close()
