"""Declaring a topology over AMQP: for tests and local runners. Services in production may not."""

from aio_pika import ExchangeType
from aio_pika.abc import AbstractChannel

from case_bus.topology import Topology


async def declare(channel: AbstractChannel, topology: Topology) -> None:
    """Declare everything, durable; what exists with the same arguments stays as it is."""
    for exchange in topology.exchanges:
        await channel.declare_exchange(
            exchange.name,
            ExchangeType(exchange.type),
            durable=True,
            arguments=dict(exchange.arguments),
        )
    for queue in topology.queues:
        await channel.declare_queue(queue.name, durable=True, arguments=dict(queue.arguments))
    for binding in topology.bindings:
        queue_object = await channel.get_queue(binding.queue, ensure=False)
        await queue_object.bind(binding.exchange, binding.key)
