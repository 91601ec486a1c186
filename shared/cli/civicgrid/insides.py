"""The services from within: their aggregates, subscriptions and databases, for looking after them.

Services are loaded by name: the command line names no service in its imports, and works with
whichever are installed beside it.
"""

import asyncio
import importlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aio_pika
from aiormq.exceptions import AMQPError

from case_bus.topology import commands_queue, events_queue
from civicgrid.deployment import Run
from civicgrid.deployment.names import COMMAND_TAKERS, SERVICES
from civicgrid.deployment.services import amqp_url, service_env
from civicgrid.local import LocalError
from service_kit.mongo import Client, connect, database
from service_kit.runtime import Parts
from service_kit.settings import ServiceSettings
from service_kit.verify import Report, Verified, verify

SETTLE_PAUSE_SECONDS = 1.0


def parts_of(run: Run, service: str) -> Parts:
    """What a service consists of, with the settings that it has in this run."""
    if service not in SERVICES:
        raise LocalError(f"there is no service {service}", f"one of {', '.join(SERVICES)}")
    with _environment(service_env(run, service)):
        settings = _settings(importlib.import_module(f"{service}.settings"))
        found: Parts = importlib.import_module(f"{service}.main").parts(settings())
    return found


async def verify_run(run: Run, *, allowed_held: int = 0) -> Report:
    """The invariants I1, I2, I3 and I5 over all services of a run. Read only."""
    client = connect(run.mongo_url)
    try:
        services = [await _verified(run, client, name) for name in SERVICES]
        return await verify(services, district=run.district, allowed_held=allowed_held)
    finally:
        client.close()


async def verify_settled(run: Run, within: float) -> Report:
    """The same, looked at again for so many seconds at most while something is amiss: what a dead
    process has left unpublished, or held, is being taken up."""
    until = time.monotonic() + within
    while True:
        report = await verify_run(run)
        unsent = report.counts["unsent_open"] + report.counts["unsent_lapsed"]
        if not (report.violations or unsent) or time.monotonic() > until:
            return report
        await asyncio.sleep(SETTLE_PAUSE_SECONDS)


async def _verified(run: Run, client: Client, service: str) -> Verified:
    parts = parts_of(run, service)
    return Verified(
        name=service,
        database=database(client, run.database(service)),
        aggregates=parts.aggregates,
        subscriptions=parts.subscriptions,
        queued=await queued(run, service),
        follow_ups=parts.follow_ups,
        kept=parts.kept,
    )


async def queued(run: Run, service: str) -> int:
    """How many messages wait in a service's queues, as its own user sees them."""
    queues = [events_queue(service)]
    queues += [commands_queue(service)] if service in COMMAND_TAKERS else []
    url = amqp_url(run, run.vhost, run.user(service), run.secrets.amqp[service])
    try:
        async with await aio_pika.connect(url) as connection:
            channel = await connection.channel()
            found = [await channel.declare_queue(name, passive=True) for name in queues]
            return sum(each.declaration_result.message_count or 0 for each in found)
    except (AMQPError, OSError) as error:
        raise LocalError(
            f"the queues of {service} cannot be looked at: {error}", "is the broker running?"
        ) from error


def _settings(module: Any) -> type[ServiceSettings]:
    found = [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, ServiceSettings)
    ]
    return max(found, key=lambda each: len(each.mro()))


@contextmanager
def _environment(wanted: Mapping[str, str]) -> Iterator[None]:
    """This process's environment as one of the services has it, for as long as it is built."""
    before = {key: value for key, value in os.environ.items() if key.startswith("CIVICGRID_")}
    for key in before:
        del os.environ[key]
    os.environ.update({k: v for k, v in wanted.items() if k.startswith("CIVICGRID_")})
    try:
        yield
    finally:
        for key in [key for key in os.environ if key.startswith("CIVICGRID_")]:
            del os.environ[key]
        os.environ.update(before)
