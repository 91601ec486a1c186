"""A load of HTTP POSTs from so many clients, each with one connection, and what came of it."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """Seconds of each answered request, and how many were not answered with 2xx."""

    seconds: list[float] = field(default_factory=list)
    failed: int = 0
    wall: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.wall

    def percentile(self, share: float) -> float:
        """Milliseconds below which this share of the requests was answered."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000


async def run(port: int, path: str, bodies: Iterator[bytes], *, clients: int) -> Outcome:
    """Send all bodies; clients share them."""
    outcome = Outcome()
    started = time.perf_counter()
    await asyncio.gather(*(_client(port, path, bodies, outcome) for _ in range(clients)))
    outcome.wall = time.perf_counter() - started
    return outcome


async def _client(port: int, path: str, bodies: Iterator[bytes], outcome: Outcome) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for body in bodies:
            started = time.perf_counter()
            writer.write(_request(path, body))
            status = await _answer(reader)
            if 200 <= status < 300:
                outcome.seconds.append(time.perf_counter() - started)
            else:
                outcome.failed += 1
    finally:
        writer.close()


def _request(path: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _answer(reader: asyncio.StreamReader) -> int:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    length = next(
        int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length")
    )
    await reader.readexactly(length)
    return int(lines[0].split()[1])
