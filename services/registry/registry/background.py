"""What the registry does by itself: go on with changes that a process left half applied, take up
what arbiters ruled, and end what households agreed to only until now."""

import asyncio

import structlog

from registry.commands.change import Changes
from registry.commands.households import HouseholdRegister
from registry.commands.rulings import take_up
from registry.views import rulings
from registry.views.known import Known
from service_kit.errors import CivicError
from service_kit.mongo import UNKNOWN_OUTCOME
from service_kit.runtime import Runtime

log = structlog.get_logger()
RESUME_SECONDS = 10.0
SWEEP_SECONDS = 5.0
RULINGS_SECONDS = 1.0


async def resume(runtime: Runtime) -> None:
    """Look at once, then every few seconds: any process may go on where another died."""
    changes: Changes = runtime.extras["changes"]
    while True:
        try:
            await changes.resume()
        except UNKNOWN_OUTCOME as error:
            log.warning("changes_wait", error=type(error).__name__)
        await asyncio.sleep(RESUME_SECONDS)


async def take_up_rulings(runtime: Runtime) -> None:
    """What arbiters ruled becomes a proposal, whichever process looks first."""
    while True:
        try:
            for asked in await rulings.waiting(runtime.database):
                await _take_up(runtime, asked)
        except UNKNOWN_OUTCOME as error:
            log.warning("rulings_wait", error=type(error).__name__)
        await asyncio.sleep(RULINGS_SECONDS)


async def _take_up(runtime: Runtime, asked: rulings.Asked) -> None:
    """One that cannot be taken up now does not keep the others waiting."""
    changes: Changes = runtime.extras["changes"]
    known: Known = runtime.extras["known"]
    try:
        await take_up(asked.ruling, changes, known.read, asked.traceparent)
    except CivicError as error:
        log.warning("ruling_waits", ruling=asked.ruling.ruling, reason=error.code)
    else:
        await rulings.done(runtime.database, asked)


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
