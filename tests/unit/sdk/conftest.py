"""Domain time for the SDK's tests."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from case_contracts import clock
from case_contracts.clock import Clock


@pytest.fixture
def fast() -> Iterator[None]:
    """An hour of domain time passes in a tenth of a second."""
    clock.set_clock(Clock(datetime(2026, 1, 5, tzinfo=UTC), time.time(), 36_000))
    yield
    clock.set_clock(None)
