"""An answer in time: paths that take large files are left out of the limit that others have."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from intake.adapters.evidence import workshop
from intake.settings import IntakeSettings
from service_kit.errors import Unavailable

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class InTime(APIRoute):
    """503 where it takes longer. What is committed by then stays so, and is found again when the
    same is asked again. A file on its way out takes as long as its reader does."""

    def seconds(self, settings: IntakeSettings) -> float:
        return settings.request_seconds

    def get_route_handler(self) -> Handler:
        handler = super().get_route_handler()

        async def limited(request: Request) -> Response:
            try:
                async with asyncio.timeout(self.seconds(request.app.state.runtime.settings)):
                    return await handler(request)
            except TimeoutError:
                raise Unavailable("no answer in time; try again") from None

        return limited


class WithFile(InTime):
    """A file has to come and to be cleaned first."""

    def seconds(self, settings: IntakeSettings) -> float:
        return settings.evidence_seconds + workshop.SECONDS + settings.request_seconds
