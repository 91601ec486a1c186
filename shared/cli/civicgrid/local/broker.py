"""Finds the RabbitMQ that the local runner uses, or starts one."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from civicgrid.local.admin import Admin, Definitions, Management, RabbitCtl
from civicgrid.local.errors import LocalError
from civicgrid.local.handles import Handles
from civicgrid.local.install import Say
from civicgrid.local.locks import locked
from civicgrid.local.probe import OLDEST, AmqpServer, default_port, probe, without_password
from civicgrid.local.rabbit_node import OwnNode

DEFAULT_URL = "amqp://guest:guest@127.0.0.1:5672/"


class Broker:
    """A usable RabbitMQ: it answers, is new enough, and vhosts can be made on it."""

    def __init__(self, url: str, admin: Admin, own: OwnNode | None = None) -> None:
        self._parts = urlsplit(url)
        self._admin = admin
        self.own = own
        """Our own node, which may be killed and restarted; None for somebody else's broker."""

    @property
    def admin(self) -> Admin:
        """Who makes vhosts and users on it."""
        return self._admin

    @property
    def host(self) -> str:
        return self._parts.hostname or "127.0.0.1"

    @property
    def port(self) -> int:
        return self._parts.port or default_port(self._parts.scheme)

    def amqp_url(self, vhost: str = "/", user: str = "", password: str = "") -> str:
        """URL for `user` on `vhost`; without a user, that of the administrator."""
        name = user or self._parts.username or "guest"
        word = password if user else (self._parts.password or "guest")
        login = f"{quote(name, safe='')}:{quote(word, safe='')}"
        where = f"{self.host}:{self.port}"
        return f"{self._parts.scheme}://{login}@{where}/{quote(vhost, safe='')}"

    def import_definitions(self, definitions: Definitions) -> None:
        """Make vhosts, users, permissions, exchanges, queues, bindings, policies in one go."""
        self._admin.import_definitions(definitions)

    def handles(self) -> Handles | None:
        """Its file handles; None where they cannot be seen or are not counted."""
        return self._admin.handles()

    def close_connections(self, user: str, why: str) -> None:
        """Close all connections of a user; whoever knows its password may come back."""
        self._admin.close_connections(user, why)

    def delete(self, vhosts: Sequence[str], users: Sequence[str] = ()) -> None:
        """Delete vhosts with all that is in them, and users; missing ones are no error."""
        self._admin.delete(vhosts, users)

    def close(self) -> None:
        """Stop our own node; somebody else's broker is left alone."""
        if self.own is not None:
            self.own.stop()


def existing_broker(environ: Mapping[str, str] = os.environ) -> Broker | None:
    """The broker that `AMQP_URL` names, else a usable one at the default address, else None.

    Raises LocalError when `AMQP_URL` is given but cannot be used: a named broker is never
    silently replaced by another.
    """
    url = environ.get("AMQP_URL")
    if url:
        return _named(url, environ.get("RABBITMQ_MANAGEMENT_URL"))
    try:
        server = probe(DEFAULT_URL, 3)
        admin = _admin_of(server, environ.get("RABBITMQ_MANAGEMENT_URL"))
    except (ConnectionError, LocalError):
        return None
    return Broker(DEFAULT_URL, admin) if server.new_enough else None


def find_broker(
    folder: Path, say: Say = lambda _line: None, environ: Mapping[str, str] = os.environ
) -> Broker:
    """`existing_broker`, else a node of our own in `folder` (started when it does not run)."""
    return existing_broker(environ) or own_broker(folder, say)


def own_broker(
    folder: Path, say: Say = lambda _line: None, *, plugins: Sequence[str] = ()
) -> Broker:
    """A node of our own in `folder`, started when it does not run."""
    with locked(folder / "start.lock"):
        node = OwnNode(folder, plugins=plugins)
        if not node.running:
            say("Starting a RabbitMQ node of our own ...")
        node.start(say)
    return Broker(node.url, node.ctl, node)


def _named(url: str, management: str | None) -> Broker:
    shown = without_password(url)
    try:
        server = probe(url)
    except ConnectionError as error:
        raise LocalError(
            f"no AMQP broker can be used at AMQP_URL={shown}: {error}",
            "start it or correct AMQP_URL; without AMQP_URL a broker is found or started here",
        ) from error
    if not server.new_enough:
        raise LocalError(
            f"AMQP_URL={shown} is {server.product} {server.version}",
            f"RabbitMQ {OLDEST[0]}.{OLDEST[1]} or newer is needed",
        )
    try:
        return Broker(url, _admin_of(server, management))
    except LocalError as error:
        raise LocalError(
            f"vhosts and users cannot be made on AMQP_URL={shown}: {error.what}",
            "set RABBITMQ_MANAGEMENT_URL=http://user:password@host:15672, run as root where"
            " rabbitmqctl reaches that node, or unset AMQP_URL",
        ) from error


def _admin_of(server: AmqpServer, management: str | None) -> Admin:
    """Who can administer that very server; LocalError when nobody can."""
    if management is None and shutil.which("rabbitmqctl") is None:
        raise LocalError("there is no rabbitmqctl here", "set RABBITMQ_MANAGEMENT_URL")
    admin: Admin = Management(management) if management else RabbitCtl()
    administered = admin.cluster()
    if administered != server.cluster:
        raise LocalError(
            f"what can be administered here is the cluster {administered!r}, but the broker"
            f" is {server.cluster!r}",
            "name the same broker in AMQP_URL and RABBITMQ_MANAGEMENT_URL",
        )
    return admin
