"""The app factory: the same frame around every service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from service_kit import memory
from service_kit.http import documented, operations, problems, routes, serving
from service_kit.http.limits import Limits
from service_kit.http.rate_limits import RateLimits
from service_kit.runtime import Edges, Parts, Runtime

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False, "operation_spans": False, "metrics": False, "logs": False,
}  # fmt: skip
"""FastAPI's own, off: our spans and metrics are in ``telemetry``, its logs could hold what people
wrote (messages of failed validations), and its three further spans a request cost time."""


def create_app(parts: Parts, edges: Edges | None = None, *, alone: bool = False) -> FastAPI:
    """The service as an ASGI app; its runtime starts and stops with it. ``alone``: the process is
    its own."""

    rates = parts.settings.rates()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        runtime = Runtime(parts, edges, rates)
        app.state.runtime = runtime
        await runtime.start()
        if alone:
            memory.settle()
        try:
            yield
        finally:
            await runtime.stop()

    app = FastAPI(
        title=f"civicgrid {parts.name}", version="1.0.0", lifespan=lifespan, telemetry=NO_TELEMETRY
    )
    problems.install(app)
    routers = (*parts.routers, operations.health, operations.peers, operations.held)
    app.add_middleware(
        Limits,
        max_body=parts.settings.max_body_bytes,
        seconds=parts.settings.request_seconds,
        larger=dict(parts.larger_bodies),
        nouns=routes.nouns(routers),
    )
    app.add_middleware(  # the last one added is the outermost
        RateLimits,
        rates=rates,
        addresses=parts.settings.addresses(),
        guessable=parts.guessable,
    )
    for around in parts.around:
        app.add_middleware(around)
    routes.add(app, routers)
    documented.install(app)
    return app


def serve(parts: Parts, edges: Edges | None = None) -> None:
    """Run until SIGTERM or Ctrl-C, then stop gracefully."""
    app = create_app(parts, edges, alone=True)
    serving.run(app, parts.settings.http_host, parts.settings.http_port)
