"""The app factory: the same frame around every service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from service_kit.http import documented, operations, problems
from service_kit.http.limits import Limits
from service_kit.http.rate_limits import RateLimits
from service_kit.runtime import Edges, Parts, Runtime

NO_TELEMETRY: TelemetryConfig = {
    "tracing": False, "operation_spans": False, "metrics": False, "logs": False,
}  # fmt: skip
"""FastAPI's own, off: our spans and metrics are in ``telemetry``, its logs could hold what people
wrote (messages of failed validations), and its three further spans a request cost time."""


def create_app(parts: Parts, edges: Edges | None = None) -> FastAPI:
    """The service as an ASGI app; its runtime starts and stops with it."""

    rates = parts.settings.rates()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        runtime = Runtime(parts, edges, rates)
        app.state.runtime = runtime
        await runtime.start()
        try:
            yield
        finally:
            await runtime.stop()

    app = FastAPI(
        title=f"civicgrid {parts.name}", version="1.0.0", lifespan=lifespan, telemetry=NO_TELEMETRY
    )
    problems.install(app)
    app.add_middleware(
        Limits,
        max_body=parts.settings.max_body_bytes,
        seconds=parts.settings.request_seconds,
        larger=dict(parts.larger_bodies),
    )
    app.add_middleware(  # the last one added is the outermost
        RateLimits,
        rates=rates,
        addresses=parts.settings.addresses(),
        guessable=parts.guessable,
    )
    for around in parts.around:
        app.add_middleware(around)
    for router in (*parts.routers, operations.health, operations.peers, operations.held):
        app.include_router(router)
    documented.install(app)
    return app


def serve(parts: Parts, edges: Edges | None = None) -> None:
    """Run until SIGTERM or Ctrl-C, then stop gracefully."""
    uvicorn.run(
        create_app(parts, edges),
        host=parts.settings.http_host,
        port=parts.settings.http_port,
        log_level="warning",
        access_log=False,
        loop="uvloop",
        http="httptools",
        timeout_graceful_shutdown=10,
        proxy_headers=False,  # who is believed is CIVICGRID_TRUSTED_PROXIES' to say
    )
