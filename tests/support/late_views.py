"""Views that come late: which tests ask before what was published can be read?

An event may be published before its view is stored, and on a fast, idle machine hardly ever is. A
test that relies on it fails once in many runs, on a slow machine in CI. With this it fails each
time: ``python -m pytest -p tests.support.late_views tests/integration``.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from service_kit.store.model import Aggregate, Loaded
from service_kit.store.views import Views

LATE_SECONDS = 0.3
_store = Views.store


async def _store_late(self: Views, aggregate: Aggregate[Any], items: Sequence[Loaded[Any]]) -> None:
    await asyncio.sleep(LATE_SECONDS)
    await _store(self, aggregate, items)


Views.store = _store_late  # type: ignore[method-assign]
