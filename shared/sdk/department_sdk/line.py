"""How a department speaks with the gateway: a port, and AMQP behind it."""

from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import unquote, urlsplit

from case_bus.port import Delivery, Outgoing
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from case_bus.topology import DEPARTMENT_COMMANDS, INBOX
from case_contracts.commands import Command

PREFETCH = 64
OnItem = Callable[[bytes], Awaitable[bool]]


class LineDown(Exception):
    """The command did not get through; the same one can be sent again."""


class Line(Protocol):
    async def start(self, on_item: OnItem) -> None:
        """Hand over every item of the inbox; it is taken off when the answer is True, and
        comes again when this process ends first."""
        ...

    async def send(self, command: Command) -> None:
        """Return when the command is safely on its way; raises LineDown."""
        ...

    async def close(self) -> None: ...

    def healthy(self) -> bool:
        """Whether the inbox is being read right now."""
        ...


class AmqpLine:
    """The department's own vhost. The broker vouches for the sender by the user of ``url``."""

    def __init__(self, url: str, *, name: str) -> None:
        user = unquote(urlsplit(url).username or "") or None
        self._publisher = RabbitPublisher(url, name=name, user=user)
        self._consumer = RabbitConsumer(url, name=name)

    async def start(self, on_item: OnItem) -> None:
        async def on_delivery(delivery: Delivery) -> None:
            if await on_item(delivery.body):
                await delivery.ack()

        await self._consumer.start(INBOX, on_delivery, PREFETCH)

    async def send(self, command: Command) -> None:
        message = Outgoing(DEPARTMENT_COMMANDS, "", command.model_dump_json().encode())
        failed = [e for e in await self._publisher.publish([message]) if e is not None]
        if failed:
            raise LineDown(failed[0].reason)

    async def close(self) -> None:
        await self._consumer.close()
        await self._publisher.close()

    def healthy(self) -> bool:
        return self._consumer.healthy()
