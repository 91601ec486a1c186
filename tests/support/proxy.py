"""A TCP proxy whose connections can be broken in the ways that networks break them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

CHUNK = 65_536


class Proxy:
    """Passes everything on, until told otherwise.

    ``swallow_replies``: what the server says is lost while what the client says arrives: a
    lost confirm, a lost acknowledgement of a write. ``swallow_requests``: the other way round.
    """

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._pipes: set[asyncio.Task[None]] = set()
        self.swallow_replies = self.swallow_requests = False
        self.swallowed = 0
        self.port = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        self._server.close()
        self.reset()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    def reset(self) -> None:
        """Break every connection now (RST), and pass on again what comes on new ones."""
        self.swallow_replies = self.swallow_requests = False
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    def url(self, url: str) -> str:
        """The same address, through this proxy."""
        parts = urlsplit(url)
        login = parts.netloc.rpartition("@")[0]
        where = f"127.0.0.1:{self.port}"
        return urlunsplit(parts._replace(netloc=f"{login}@{where}" if login else where))

    async def _accept(
        self, client_reader: asyncio.StreamReader, client: asyncio.StreamWriter
    ) -> None:
        try:
            server_reader, server = await asyncio.open_connection(*self._target)
        except OSError:
            client.transport.abort()
            return
        self._writers |= {client, server}
        for pipe in (
            self._pipe(client_reader, server, False),
            self._pipe(server_reader, client, True),
        ):
            task = asyncio.create_task(pipe)
            self._pipes.add(task)
            task.add_done_callback(self._pipes.discard)

    async def _pipe(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, replies: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(CHUNK):
                if self.swallow_replies if replies else self.swallow_requests:
                    self.swallowed += len(data)
                    continue
                writer.write(data)
                await writer.drain()
        writer.transport.abort()
        self._writers.discard(writer)


@asynccontextmanager
async def proxy_to(url: str) -> AsyncIterator[Proxy]:
    """A proxy in front of the server that a URL names."""
    parts = urlsplit(url)
    proxy = Proxy(parts.hostname or "127.0.0.1", parts.port or 0)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()
