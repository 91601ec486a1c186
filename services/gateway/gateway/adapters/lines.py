"""Lines to departments: one connection to write inboxes and one to read commands, each."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from case_bus.isolation import gateway_holes
from case_bus.port import Consumer, Publisher
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher
from gateway.adapters.addresses import AddressBook, Addresses


@dataclass(frozen=True)
class Line:
    """What the gateway holds of one department's vhost.

    ``user`` is the one user that may write commands there: it has the vhost's name. ``holes``
    asks the broker what our own user may do there and must not; it raises ConnectionError where
    the broker cannot be asked.
    """

    publisher: Publisher
    consumer: Consumer
    user: str
    holes: Callable[[], Awaitable[list[str]]]


class Lines(Protocol):
    """Opens lines; replaceable by twins in tests."""

    def look(self) -> Addresses:
        """Which departments have a line now, and where each leads."""
        ...

    @property
    def wrong(self) -> str:
        """Why the latest addresses cannot be used, so that earlier ones go on."""
        ...

    def open(self, department: str, address: SecretStr) -> Line:
        """A fresh line; it connects when it is first used."""
        ...


class RabbitLines:
    def __init__(self, book: AddressBook) -> None:
        self._book = book

    def look(self) -> Addresses:
        return self._book.look()

    @property
    def wrong(self) -> str:
        return self._book.wrong

    def open(self, department: str, address: SecretStr) -> Line:
        url = address.get_secret_value()
        name = f"gateway:{department}"
        user = unquote(urlsplit(url).path.removeprefix("/"))
        return Line(
            RabbitPublisher(url, name=name),
            RabbitConsumer(url, name=name),
            user,
            partial(gateway_holes, url),
        )
