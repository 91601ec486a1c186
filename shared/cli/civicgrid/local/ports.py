"""TCP ports of this machine."""

import random
import socket
from pathlib import Path

import psutil

LOWEST = 10_240
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_rng = random.SystemRandom()


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """`count` different ports that nothing listens on at this moment.

    Below those that the system gives to outgoing connections: while a server is down, any
    client's connection could take such a port from it, even the one that tries to reach it.
    """
    found: set[int] = set()
    while len(found) < count:
        port = _rng.randrange(LOWEST, _first_outgoing())
        if is_free(port, host):
            found.add(port)
    return list(found)


def _first_outgoing() -> int:
    try:
        return max(int(_RANGE.read_text().split()[0]), LOWEST + 1000)
    except (OSError, ValueError, IndexError):
        return 32_768  # not Linux


def free_port(host: str = "127.0.0.1") -> int:
    """One port that nothing listens on at this moment."""
    return free_ports(1, host)[0]


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on `host:port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def listener(port: int) -> str:
    """Who listens on `port`, for a message: "pid 123 (nginx)", or that it cannot be seen."""
    try:
        found = psutil.net_connections(kind="tcp")
    except (psutil.AccessDenied, OSError):
        found = []
    for each in found:
        if each.status == psutil.CONN_LISTEN and each.laddr[1:2] == (port,) and each.pid:
            return _describe(each.pid)
    return "a process that this user cannot see"


def _describe(pid: int) -> str:
    try:
        return f"pid {pid} ({psutil.Process(pid).name()})"
    except psutil.Error:
        return f"pid {pid}"
