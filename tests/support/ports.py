"""Free TCP ports for tests."""

from civicgrid.local.ports import free_port, free_ports

__all__ = ["free_port", "free_ports"]
