"""A service on a port of its own, in a thread, for clients that speak real HTTP."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from civicgrid.local.processes import wait_until
from tests.support.ports import free_port
from tests.support.twin import eventually

START_SECONDS = 30.0


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The base URL at which the app answers while the block lasts."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _answers(url), timeout=START_SECONDS, pause=0.05)
        yield url
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)


@asynccontextmanager
async def served_here(app: ASGIApp) -> AsyncIterator[str]:
    """The same of an app that runs already, in this loop; open long polls are cut off."""
    port = free_port()
    config = uvicorn.Config(app, port=port, lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        await serving


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.HTTPError:
        return False
