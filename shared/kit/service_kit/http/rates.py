"""How often somebody may ask: 429 with a Retry-After that is true.

A rate such as ``60/minute`` is a bucket of 60 that fills evenly (GCRA): 60 at once, then one a
second. One number is kept for each who asks, in this process alone: with n replicas a limit is
up to n times as wide. Not the ``limits`` package, since that takes the wall clock, which may
jump, and keeps as many entries as somebody sends addresses.
"""

import hashlib
import heapq
import ipaddress
import math
import os
import re
import time
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from service_kit.errors import TooMany

MOST_KEYS = 100_000
OFF = "off"
ADDRESS_KEY = "civicgrid.address"
"""Where a request's scope has the key of its address, once it was counted."""
Monotonic = Callable[[], float]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_UNITS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0}
_RATE = re.compile(r"^([1-9][0-9]{0,8})/(second|minute|hour|day)$")


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds."""

    amount: int
    seconds: float

    @classmethod
    def parse(cls, text: str) -> "Rate | None":
        """``60/minute``; None for ``off``. Raises ValueError for anything else."""
        if text == OFF:
            return None
        found = _RATE.match(text)
        if found is None:
            raise ValueError(f"{text!r} is no rate: write 60/minute (second, hour, day), or off")
        return cls(int(found[1]), _UNITS[found[2]])


def parse_rates(text: str) -> dict[str, Rate]:
    """``web=3000/minute,hotline=600/minute``; what is not named has no limit."""
    found: dict[str, Rate] = {}
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, equals, rate = part.partition("=")
        parsed = Rate.parse(rate) if equals else None
        if not equals or not name:
            raise ValueError(f"{part!r} is no named rate: write web=3000/minute")
        if parsed is not None:
            found[name] = parsed
    return found


def parse_networks(text: str) -> tuple[Network, ...]:
    """``10.0.0.0/8,::1``; raises ValueError for what is no network."""
    return tuple(ipaddress.ip_network(each.strip()) for each in text.split(",") if each.strip())


class Buckets:
    """One bucket for each key. Those that are full again are forgotten; where more keys than
    ``most`` ask at once, those that asked least are."""

    def __init__(
        self, rate: Rate, monotonic: Monotonic = time.monotonic, most: int = MOST_KEYS
    ) -> None:
        self._interval, self._room = rate.seconds / rate.amount, rate.seconds
        self._monotonic, self._most = monotonic, most
        self._full_at: dict[bytes | str, float] = {}

    def take(self, key: bytes | str, cost: int = 1) -> float:
        """0 where it was taken, else the seconds after which it can be."""
        now = self._monotonic()
        full_at = max(self._full_at.get(key, now), now) + cost * self._interval
        wait = full_at - now - self._room
        if wait > _ROUNDING:
            return wait
        self._full_at[key] = full_at
        if len(self._full_at) > self._most:
            self._forget(now)
        return 0.0

    def wait(self, key: bytes | str) -> float:
        """The seconds after which one could be taken; nothing is."""
        now = self._monotonic()
        wait = max(self._full_at.get(key, now), now) + self._interval - now - self._room
        return wait if wait > _ROUNDING else 0.0

    def spend(self, key: bytes | str) -> None:
        """Take one that has been had already, up to an empty bucket."""
        now = self._monotonic()
        full_at = max(self._full_at.get(key, now), now) + self._interval
        self._full_at[key] = min(full_at, now + self._room)
        if len(self._full_at) > self._most:
            self._forget(now)

    def give_back(self, key: bytes | str) -> None:
        """What was taken for it counts for nothing."""
        full_at = self._full_at.get(key)
        if full_at is not None:
            self._full_at[key] = full_at - self._interval

    def __len__(self) -> int:
        return len(self._full_at)

    def _forget(self, now: float) -> None:
        kept = [(at, key) for key, at in self._full_at.items() if at > now]
        if len(kept) > self._most // 2:
            kept = heapq.nlargest(self._most // 2, kept, key=lambda each: each[0])
        self._full_at = {key: at for at, key in kept}


_ROUNDING = 1e-9


class Addresses:
    """From a connection to a key for its client: a hash under a key of this process, so that no
    address is kept. IPv6 counts by its /64, which is one household's or one server's."""

    def __init__(self, trusted: Sequence[Network] = ()) -> None:
        """``trusted`` are the proxies whose ``X-Forwarded-For`` is believed."""
        self._trusted, self._secret = tuple(trusted), os.urandom(16)

    def key(self, peer: str, forwarded: str | None) -> bytes:
        """Of who asks: the peer, or behind trusted proxies whom the last of them saw."""
        address = self._client(peer, forwarded) if forwarded and self._trusted else peer
        return hashlib.blake2b(_network(address), digest_size=8, key=self._secret).digest()

    def _client(self, peer: str, forwarded: str) -> str:
        address = peer
        for hop in reversed(forwarded.split(",")):
            if not self._trusts(address):
                break
            seen = _without_port(hop.strip())
            if _parsed(seen) is None:
                break
            address = seen
        return address

    def _trusts(self, address: str) -> bool:
        found = _parsed(address)
        return found is not None and any(found in network for network in self._trusted)


def _network(address: str) -> bytes:
    if ":" not in address:
        return address.encode()
    found = _parsed(address)
    return address.encode() if found is None else found.packed[:8]


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


class Rates:
    """The limits of one process: by client address, failures of an address, token and channel."""

    def __init__(
        self,
        *,
        address: Rate | None = None,
        failures: Rate | None = None,
        token: Rate | None = None,
        channels: dict[str, Rate] | None = None,
        monotonic: Monotonic = time.monotonic,
    ) -> None:
        def buckets(rate: Rate | None) -> Buckets | None:
            return Buckets(rate, monotonic) if rate is not None else None

        self.by_address, self.failures = buckets(address), buckets(failures)
        self._tokens = buckets(token)
        self._channels = {name: Buckets(rate, monotonic) for name, rate in (channels or {}).items()}

    def known(self, scope: MutableMapping[str, Any], principal: str, kind: str) -> None:
        """The request's token is valid: it counts for its principal instead of its address, which
        a whole office may share; for a service of ours not at all. Raises TooMany."""
        key = scope.pop(ADDRESS_KEY, None)
        if key is not None and self.by_address is not None:
            self.by_address.give_back(key)
        if self._tokens is not None and kind != "service":
            _refuse(self._tokens.take(principal), "too many requests with this token")

    def channel(self, channel: str) -> None:
        """Count a report by this channel, whoever sends it; raises TooMany."""
        buckets = self._channels.get(channel)
        if buckets is not None:
            _refuse(buckets.take(channel), f"too many reports by the channel {channel}")


def _refuse(wait: float, what: str) -> None:
    if wait:
        raise TooMany(f"{what}; try again in {whole(wait)} s", after=whole(wait))


def whole(seconds: float) -> int:
    """Whole seconds, after which it is certainly allowed."""
    return max(1, math.ceil(seconds))
