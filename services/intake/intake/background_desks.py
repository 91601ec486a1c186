"""What is measured of the people's desks, now and then."""

import asyncio

import structlog

from intake.views import triage
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime

log = structlog.get_logger()
MEASURE_SECONDS = 30.0


async def measure(runtime: Runtime) -> None:
    """Keep the figures of the reviewers' queue up to date, for ever."""
    while True:
        try:
            await triage.measure(runtime.database)
        except UNKNOWN_OUTCOME as error:
            log.warning("triage_figures_wait", error=type(error).__name__)
        await asyncio.sleep(MEASURE_SECONDS)
