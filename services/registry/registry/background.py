"""What the registry does by itself: go on with changes that a process left half applied, and
end what households agreed to only until now."""

import asyncio

import structlog

from registry.commands.change import Changes
from registry.commands.households import HouseholdRegister
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime

log = structlog.get_logger()
RESUME_SECONDS = 10.0
SWEEP_SECONDS = 5.0


async def resume(runtime: Runtime) -> None:
    """Look at once, then every few seconds: any process may go on where another died."""
    changes: Changes = runtime.extras["changes"]
    while True:
        try:
            await changes.resume()
        except UNKNOWN_OUTCOME as error:
            log.warning("changes_wait", error=type(error).__name__)
        await asyncio.sleep(RESUME_SECONDS)


async def end_consents(runtime: Runtime) -> None:
    """Consents of households end in time, whichever process looks first."""
    register: HouseholdRegister = runtime.extras["households"]
    while True:
        try:
            await register.sweep()
        except UNKNOWN_OUTCOME as error:
            log.warning("consents_wait", error=type(error).__name__)
        await asyncio.sleep(SWEEP_SECONDS)


async def rotate_keys(runtime: Runtime) -> None:
    """Bring the household register under its newest master key."""
    register: HouseholdRegister = runtime.extras["households"]
    await register.vault.rotate()
