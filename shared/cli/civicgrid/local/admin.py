"""Ways to administer a RabbitMQ: `rabbitmqctl`, or its management interface."""

import contextlib
import json
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from civicgrid.local.errors import LocalError
from civicgrid.local.handles import Handles, parse_handles

Definitions = Mapping[str, Any]
"""RabbitMQ's definitions document: vhosts, users, permissions, exchanges, queues, bindings, …"""

EXPORT_ATTEMPTS = 8
"""While a vhost is being deleted, 3.10 answers with an error of its own in place of JSON."""

RunCtl = Callable[..., subprocess.CompletedProcess[str]]
_NAME = re.compile(r"[A-Za-z0-9._/-]{1,120}")


class Admin(Protocol):
    """May make and delete vhosts and users."""

    def import_definitions(self, definitions: Definitions) -> None:
        """Make everything that `definitions` names, all at once."""

    def delete(self, vhosts: Sequence[str], users: Sequence[str]) -> None:
        """Delete vhosts (with all that is in them) and users; missing ones are no error."""

    def close_connections(self, user: str, why: str) -> None:
        """Close all connections of a user; whoever knows its password may come back."""

    def definitions(self) -> Definitions:
        """All that there is now."""

    def cluster(self) -> str:
        """Name of the administered cluster; raises LocalError when it does not answer."""

    def handles(self) -> Handles | None:
        """The node's file handles; None where they cannot be seen or are not counted."""


def run_rabbitmqctl(
    *args: str, stdin: str | None = None, timeout: float = 30
) -> subprocess.CompletedProcess[str]:
    """Run the system's `rabbitmqctl`, against the system's node."""
    return subprocess.run(
        ["rabbitmqctl", "-q", *args],
        input=stdin or "",
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


class RabbitCtl:
    """Administers a node by `rabbitmqctl`. Each call takes about a second."""

    def __init__(self, run: RunCtl = run_rabbitmqctl) -> None:
        self._run = run

    def import_definitions(self, definitions: Definitions) -> None:
        self.call("import_definitions", stdin=json.dumps(definitions))

    def delete(self, vhosts: Sequence[str], users: Sequence[str]) -> None:
        # One `eval` instead of one call of a second per vhost and user.
        self.call(
            "eval",
            f'[catch rabbit_vhost:delete(V, <<"civicgrid">>) || V <- {_erlang(vhosts)}],'
            '[catch rabbit_auth_backend_internal:delete_user(U, <<"civicgrid">>)'
            f" || U <- {_erlang(users)}], "
            f"[] = [V || V <- {_erlang(vhosts)}, rabbit_vhost:exists(V)], ok.",
        )

    def close_connections(self, user: str, why: str) -> None:
        self.call("close_all_user_connections", user, why)

    def definitions(self) -> Definitions:
        said = ""
        for _ in range(EXPORT_ATTEMPTS):
            said = self.call("export_definitions", "-", "--format", "json")
            with contextlib.suppress(ValueError):
                found: Definitions = json.loads(said)
                return found
        raise LocalError(
            f"rabbitmqctl export_definitions does not say what there is: {said[:300]}",
            "try again when nobody makes or deletes vhosts",
        )

    def cluster(self) -> str:
        return str(json.loads(self.call("cluster_status", "--formatter", "json"))["cluster_name"])

    def handles(self) -> Handles | None:
        return parse_handles(self.call("eval", "catch file_handle_cache:info()."))

    def call(self, *args: str, stdin: str | None = None, timeout: float = 60) -> str:
        """Output of one `rabbitmqctl` command; LocalError with its own words when it fails."""
        try:
            done = self._run(*args, stdin=stdin, timeout=timeout)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise LocalError(f"rabbitmqctl {args[0]}: {error}", "is the broker running?") from error
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()[-1500:]
            raise LocalError(f"rabbitmqctl {args[0]} failed: {said}", "see the broker's log")
        return done.stdout


class Management:
    """Administers a broker by its management interface.

    `url` is like `http://user:password@host:15672`; the user needs the tag administrator.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._where = f"{parts.hostname}:{parts.port}"
        base = urlunsplit((parts.scheme, self._where, parts.path.rstrip("/"), "", ""))
        login = (parts.username or "guest", parts.password or "guest")
        self._http = httpx.Client(base_url=base, auth=login, timeout=30)

    def import_definitions(self, definitions: Definitions) -> None:
        self._send("POST", "/api/definitions", json.dumps(definitions))

    def delete(self, vhosts: Sequence[str], users: Sequence[str]) -> None:
        for kind, names in (("vhosts", vhosts), ("users", users)):
            for name in names:
                self._send("DELETE", f"/api/{kind}/{quote(name, safe='')}", missing_ok=True)

    def close_connections(self, user: str, why: str) -> None:
        path = f"/api/connections/username/{quote(user, safe='')}"
        self._send("DELETE", path, headers={"X-Reason": why}, missing_ok=True)

    def definitions(self) -> Definitions:
        found: Definitions = self._send("GET", "/api/definitions").json()
        return found

    def cluster(self) -> str:
        return str(self._send("GET", "/api/cluster-name").json()["name"])

    def handles(self) -> Handles | None:
        return None  # its fd_used is the operating system's count, not the one that matters

    def _send(
        self,
        method: str,
        path: str,
        body: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        missing_ok: bool = False,
    ) -> httpx.Response:
        said = {"content-type": "application/json", **(headers or {})}
        try:
            answer = self._http.request(method, path, content=body, headers=said)
        except httpx.HTTPError as error:
            raise self._failure(f"{type(error).__name__}: {error}") from error
        if answer.is_error and not (missing_ok and answer.status_code == httpx.codes.NOT_FOUND):
            raise self._failure(f"{method} {path}: {answer.status_code} {answer.text[:1500]}")
        return answer

    def _failure(self, why: str) -> LocalError:
        return LocalError(
            f"the RabbitMQ management interface at {self._where} did not do what was asked: {why}",
            "check RABBITMQ_MANAGEMENT_URL (http://user:password@host:15672, an administrator)",
        )


def _erlang(names: Sequence[str]) -> str:
    """Erlang list of binaries; names are checked, for they become part of an expression."""
    for each in names:
        if not _NAME.fullmatch(each):
            raise ValueError(f"not a name of a vhost or user: {each!r}")
    return "[" + ",".join(f'<<"{each}">>' for each in names) + "]"
