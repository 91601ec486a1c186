"""The local runner: finds or starts a broker and a store, and runs the services' processes."""

from civicgrid.local.broker import Broker, existing_broker, find_broker, own_broker
from civicgrid.local.errors import LocalError
from civicgrid.local.paths import checkout, local_dir
from civicgrid.local.rabbit_node import OwnNode
from civicgrid.local.store import EmbeddedStore, Store, embedded_store, find_store
from civicgrid.local.supervisor import Service, Status, Supervisor

__all__ = [
    "Broker",
    "EmbeddedStore",
    "LocalError",
    "OwnNode",
    "Service",
    "Status",
    "Store",
    "Supervisor",
    "checkout",
    "embedded_store",
    "existing_broker",
    "find_broker",
    "find_store",
    "local_dir",
    "own_broker",
]
