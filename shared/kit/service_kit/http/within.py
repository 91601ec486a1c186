"""An answer in time: for paths that take large files, which have no other limit of time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute

from service_kit.errors import Unavailable

log = structlog.get_logger()
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class InTime(APIRoute):
    """503 where it takes longer. What is committed by then stays so, and is found again when the
    same is asked again. A file on its way out takes as long as its reader does."""

    def seconds(self, settings: Any) -> float:
        """How long it may take; ``settings`` are the service's own."""
        return float(settings.request_seconds)

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def limited(request: Request) -> Response:
            seconds = self.seconds(request.app.state.runtime.settings)
            try:
                async with asyncio.timeout(seconds):
                    return await handler(request)
            except TimeoutError:
                name = f"{request.method} {self.path_format}"
                log.warning("no_answer_in_time", request=name, seconds=seconds)
                raise Unavailable("no answer in time; try again") from None

        return limited
