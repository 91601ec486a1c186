"""What assessment does by itself: pack facts."""

import asyncio

import structlog

from assessment.reading import blocks_of
from assessment.settings import AssessmentSettings
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime

log = structlog.get_logger()


async def packing(runtime: Runtime) -> None:
    """Every replica tries; of two that pack the same block one is refused."""
    assert isinstance(runtime.settings, AssessmentSettings)
    while True:
        try:
            await blocks_of(runtime).pack_full()
        except UNKNOWN_OUTCOME as error:
            log.warning("packing_waits", error=type(error).__name__)
        await asyncio.sleep(runtime.settings.pack_seconds)
