"""The event layer: ports, RabbitMQ, an in-memory twin, and the topology of both."""

from case_bus.port import Consumer, Delivery, OnDelivery, Outgoing, Publisher, PublishError

__all__ = ["Consumer", "Delivery", "OnDelivery", "Outgoing", "PublishError", "Publisher"]
