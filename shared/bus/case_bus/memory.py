"""The in-memory twin of the broker: topic routing, unacknowledged redelivery, delivery limit.

It keeps the semantics that our code relies on and nothing else; the conformance suite runs on
it and on RabbitMQ alike.
"""

import asyncio
import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from case_bus.port import Delivery, OnDelivery, Outgoing, PublishError
from case_bus.topology import Binding, Topology


@dataclass
class _Message:
    key: str
    body: bytes
    user: str | None
    headers: dict[str, str]
    attempts: int = 0


@dataclass
class _QueueState:
    name: str
    max_length: int
    delivery_limit: int | None
    dead_letter: tuple[str, str] | None
    drop_head: bool
    ready: deque[_Message] = field(default_factory=deque)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)


class MemoryBroker:
    """Queues and bindings of one vhost, in this process."""

    def __init__(self, topology: Topology) -> None:
        self._alternate: dict[str, str] = {}
        self._types: dict[str, str] = {}
        self._queues: dict[str, _QueueState] = {}
        self._bindings: dict[str, list[tuple[re.Pattern[str] | None, str]]] = {}
        self.declare(topology)

    def declare(self, topology: Topology) -> None:
        for exchange in topology.exchanges:
            self._types[exchange.name] = exchange.type
            self._bindings.setdefault(exchange.name, [])
            if "alternate-exchange" in exchange.arguments:
                self._alternate[exchange.name] = exchange.arguments["alternate-exchange"]
        for queue in topology.queues:
            a = queue.arguments
            letter = a.get("x-dead-letter-exchange")
            self._queues[queue.name] = _QueueState(
                queue.name,
                a.get("x-max-length", 10**9),
                a.get("x-delivery-limit"),
                (letter, a.get("x-dead-letter-routing-key", "")) if letter else None,
                a.get("x-overflow") != "reject-publish",
            )
        for binding in topology.bindings:
            self.bind(binding)

    def bind(self, binding: Binding) -> None:
        """Bind, once: the same binding again changes nothing."""
        fanout = self._types[binding.exchange] == "fanout"
        entry = (None if fanout else _pattern(binding.key), binding.queue)
        if entry not in self._bindings[binding.exchange]:
            self._bindings[binding.exchange].append(entry)

    def unbind(self, binding: Binding) -> None:
        entry = (_pattern(binding.key), binding.queue)
        self._bindings[binding.exchange].remove(entry)

    def route(self, exchange: str, message: _Message) -> str | None:
        """Put the message into every bound queue; a text says why it was refused."""
        if exchange not in self._bindings:
            return f"no exchange {exchange}"
        names = {
            q for p, q in self._bindings[exchange] if p is None or p.fullmatch(f".{message.key}")
        }
        if not names and exchange in self._alternate:
            return self.route(self._alternate[exchange], message)
        if not names:
            return "unroutable"
        refused = [name for name in names if not self._put(self._queues[name], message)]
        return "full" if refused else None

    @staticmethod
    def _put(state: _QueueState, message: _Message) -> bool:
        """As the broker does: one full queue refuses, the others have the message all the same."""
        if len(state.ready) >= state.max_length:
            if not state.drop_head:
                return False
            state.ready.popleft()
        state.ready.append(_Message(message.key, message.body, message.user, dict(message.headers)))
        state.arrived.set()
        return True

    def give_back(self, queue: str, message: _Message) -> None:
        """Return an unacknowledged message; over its limit it is dead-lettered."""
        state = self._queues[queue]
        message.attempts += 1
        if state.delivery_limit is not None and message.attempts > state.delivery_limit:
            if state.dead_letter is not None:
                exchange, key = state.dead_letter
                self.route(exchange, _Message(key, message.body, message.user, message.headers))
            return
        state.ready.appendleft(message)
        state.arrived.set()

    def depth(self, queue: str) -> int:
        return len(self._queues[queue].ready)

    def queue(self, name: str) -> _QueueState:
        return self._queues[name]


def _pattern(key: str) -> re.Pattern[str]:
    """``*`` is one word, ``#`` any number of words, none included."""
    text = "".join(
        {"*": r"\.[^.]+", "#": r"(?:\.[^.]+)*"}.get(word, r"\." + re.escape(word))
        for word in key.split(".")
    )
    return re.compile(text)


class MemoryPublisher:
    def __init__(self, broker: MemoryBroker, user: str | None = None) -> None:
        self._broker, self._user = broker, user

    async def publish(self, messages: Sequence[Outgoing]) -> list[PublishError | None]:
        return [self._one(message) for message in messages]

    def _one(self, message: Outgoing) -> PublishError | None:
        refused = self._broker.route(
            message.exchange, _Message(message.key, message.body, self._user, dict(message.headers))
        )
        if refused is None:
            return None
        return PublishError(message, refused, final=refused == "unroutable")

    async def close(self) -> None:
        return None


class MemoryConsumer:
    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._started: list[tuple[str, OnDelivery, int]] = []
        self._pumps: list[asyncio.Task[None]] = []
        self._open: dict[int, tuple[str, _Message]] = {}
        self._handlers: set[asyncio.Task[None]] = set()

    async def start(self, queue: str, on_delivery: OnDelivery, prefetch: int = 64) -> None:
        self._started.append((queue, on_delivery, prefetch))
        self._pumps.append(asyncio.create_task(self._pump(queue, on_delivery, prefetch)))

    async def pause(self) -> None:
        for pump in self._pumps:
            pump.cancel()
        self._pumps.clear()
        for key, (queue, message) in reversed(self._open.copy().items()):
            del self._open[key]
            self._broker.give_back(queue, message)

    async def resume(self) -> None:
        if not self._pumps:
            started, self._started = self._started, []
            for queue, on_delivery, prefetch in started:
                await self.start(queue, on_delivery, prefetch)

    async def close(self) -> None:
        for pump in self._pumps:
            pump.cancel()
        if self._handlers:
            await asyncio.wait(self._handlers, timeout=5)
        await self.pause()

    async def expect(self, bindings: Sequence[Binding]) -> None:
        for binding in bindings:
            self._broker.bind(binding)

    def healthy(self) -> bool:
        return len(self._pumps) == len(self._started)

    @property
    def idle(self) -> bool:
        """Whether nothing waits in its queues, and nothing is being handled."""
        return not self._open and not any(self._broker.depth(name) for name, *_ in self._started)

    async def _pump(self, queue: str, on_delivery: OnDelivery, prefetch: int) -> None:
        state = self._broker.queue(queue)
        free = asyncio.Semaphore(prefetch)
        while True:
            await free.acquire()
            while not state.ready:
                state.arrived.clear()
                await state.arrived.wait()
            message = state.ready.popleft()
            delivery = self._deliver(queue, message, free)
            task = asyncio.create_task(_call(on_delivery, delivery))
            self._handlers.add(task)
            task.add_done_callback(self._handlers.discard)

    def _deliver(self, queue: str, message: _Message, free: asyncio.Semaphore) -> Delivery:
        key = id(message)
        self._open[key] = (queue, message)

        async def ack() -> None:
            if self._open.pop(key, None) is not None:
                free.release()

        async def nack() -> None:
            if self._open.pop(key, None) is not None:
                self._broker.give_back(queue, message)
                free.release()

        return Delivery(
            queue, message.key, message.body, message.attempts, message.user,
            message.headers, ack, nack,
        )  # fmt: skip


async def _call(on_delivery: OnDelivery, delivery: Delivery) -> None:
    await on_delivery(delivery)
