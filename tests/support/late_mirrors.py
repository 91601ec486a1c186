"""Mirrors that come late: which tests say something and rely on what they said before?

What comes over the bus is handled side by side: a case may be decided before the standard that was
published just before it is known. On a fast, idle machine that hardly ever happens. With this it
happens each time: ``python -m pytest -p tests.support.late_mirrors tests/integration``.
"""

import asyncio
from typing import Any

from case_contracts.envelope import Envelope
from service_kit.events.recorder import Recorder
from service_kit.events.subscriptions import Fact, Mirror

LATE_SECONDS = 0.3
_record = Recorder.record


async def _record_late(self: Recorder, entry: Mirror | Fact, envelope: Envelope, data: Any) -> None:
    if isinstance(entry, Mirror):
        await asyncio.sleep(LATE_SECONDS)
    await _record(self, entry, envelope, data)


Recorder.record = _record_late  # type: ignore[method-assign]
