"""A service on a port of its own, in a thread, for clients that speak real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn
from fastapi import FastAPI

from civicgrid.local.processes import wait_until
from tests.support.ports import free_port

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


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.HTTPError:
        return False
