"""A pass: a receipt code sealed for a while, so that it can stand in an address.

Addresses are written into logs, histories and proxies; a receipt gives every right of its report.
A pass opens the same pages for an hour and nothing afterwards, and nobody can read the code in it.
"""

import struct

from console.adapters.seal import Seal

_TIME = 8


class Passes:
    """``seconds`` by the machine's own clock: a pass is about a browser, not about the case."""

    def __init__(self, secret: str, seconds: int) -> None:
        self._seal = Seal(secret, "civicgrid console pass v1")
        self._seconds = seconds

    def issue(self, receipt: str, now: float) -> str:
        return self._seal.seal(struct.pack(">q", int(now) + self._seconds) + receipt.encode())

    def read(self, text: str, now: float) -> str | None:
        """The receipt; None for what is no pass, or one whose time is over."""
        plain = self._seal.read(text)
        if plain is None:
            return None
        (until,) = struct.unpack(">q", plain[:_TIME])
        return plain[_TIME:].decode() if now <= until else None
