"""Lines to departments: one connection to write inboxes and one to read commands, each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from case_bus.port import Consumer, Publisher
from case_bus.rabbit_consumer import RabbitConsumer
from case_bus.rabbit_publisher import RabbitPublisher


@dataclass(frozen=True)
class Line:
    """What the gateway holds of one department's vhost.

    ``user`` is the one user that may write commands there: it has the vhost's name.
    """

    publisher: Publisher
    consumer: Consumer
    user: str


class Lines(Protocol):
    """Opens lines; replaceable by twins in tests."""

    @property
    def departments(self) -> tuple[str, ...]: ...

    def open(self, department: str) -> Line:
        """A fresh line; it connects when it is first used."""
        ...


class RabbitLines:
    def __init__(self, addresses: Mapping[str, SecretStr]) -> None:
        self._addresses = addresses

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(sorted(self._addresses))

    def open(self, department: str) -> Line:
        url = self._addresses[department].get_secret_value()
        name = f"gateway:{department}"
        user = unquote(urlsplit(url).path.removeprefix("/"))
        return Line(RabbitPublisher(url, name=name), RabbitConsumer(url, name=name), user)
