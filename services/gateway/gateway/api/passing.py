"""A file that passes through: cut off, visibly, where the right to it ends on the way."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

import structlog
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from service_kit.errors import CivicError

log = structlog.get_logger()


class Passing(StreamingResponse):
    """What was not sent to its end is never ended: the server breaks the connection, so that
    nobody takes the part for the whole.

    ``rest`` has given its ``first`` chunk already: what is refused before it is answered as such.
    """

    def __init__(
        self, first: bytes, rest: AsyncGenerator[bytes], headers: Mapping[str, str]
    ) -> None:
        super().__init__(_joined(first, rest), 200, headers)
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._rest):
            await super().__call__(scope, receive, send)

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        except CivicError as error:
            log.info("file_cut_off", code=error.code)


async def _joined(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
