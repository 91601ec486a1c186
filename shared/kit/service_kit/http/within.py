"""An answer in time: for paths that take large files, which have no other limit of time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service_kit.errors import Unavailable

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
            try:
                async with asyncio.timeout(self.seconds(request.app.state.runtime.settings)):
                    return await handler(request)
            except TimeoutError:
                raise Unavailable("no answer in time; try again") from None

        return limited
