"""Operators, a call-back that is due, and time that can be moved on."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from service_kit import clock
from service_kit.clock import Clock
from tests.integration.intake.rights.calling import LEFT, Bearer, requested
from tests.integration.intake.rights.reporter import Reporter, reporter
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin


@pytest.fixture
def ahead() -> Iterator[Callable[..., None]]:
    """Moves the clock on by so much, for this test."""

    def move(**span: float) -> None:
        clock.set_clock(Clock(clock.now() + timedelta(**span), time.time()))

    yield move
    clock.set_clock(None)


@pytest.fixture
def operator(issuer: TestIssuer) -> Bearer:
    return issuer.bearer("p-201", "callbacks.make", "intake")


@pytest.fixture
def colleague(issuer: TestIssuer) -> Bearer:
    return issuer.bearer("p-202", "callbacks.make", "intake")


@pytest.fixture
async def caller(intake: Twin) -> Reporter:
    return await reporter(intake, **LEFT)


@pytest.fixture
async def due(caller: Reporter) -> str:
    """The call-back about the closing of my case."""
    await caller.work_and_close()
    callback: str = (await requested(caller.twin))[-1].callback
    return callback
