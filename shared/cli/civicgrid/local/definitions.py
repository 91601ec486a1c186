"""Pieces of RabbitMQ definitions that the local runner needs; made in the event layer."""

from case_bus.definitions import permission, user

__all__ = ["permission", "user"]
