"""What the registry does by itself: go on with changes that a process left half applied."""

import asyncio

import structlog

from registry.commands.change import Changes
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime

log = structlog.get_logger()
RESUME_SECONDS = 10.0


async def resume(runtime: Runtime) -> None:
    """Look at once, then every few seconds: any process may go on where another died."""
    changes: Changes = runtime.extras["changes"]
    while True:
        try:
            await changes.resume()
        except UNKNOWN_OUTCOME as error:
            log.warning("changes_wait", error=type(error).__name__)
        await asyncio.sleep(RESUME_SECONDS)
