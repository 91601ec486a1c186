"""How every HTTP server of ours runs."""

from collections.abc import Callable
from typing import Any

import uvicorn

App = Callable[..., Any]
"""An ASGI application."""
KEPT_SECONDS = 75
"""An idle connection is kept so long: longer than clients keep theirs (httpx 5 s, most proxies
60 s). Where both give it up at the same time, a request meets a connection that is being closed."""
OPTIONS: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,
    "loop": "uvloop",
    "http": "httptools",
    "timeout_graceful_shutdown": 10,
    "timeout_keep_alive": KEPT_SECONDS,
    "proxy_headers": False,  # who is believed is CIVICGRID_TRUSTED_PROXIES' to say
}


def config(app: App, host: str, port: int, **changed: Any) -> uvicorn.Config:
    """For ``uvicorn.Server``; ``changed`` are options of uvicorn that are others here."""
    return uvicorn.Config(app, host=host, port=port, **{**OPTIONS, **changed})


def run(app: App, host: str, port: int) -> None:
    """Until SIGTERM or Ctrl-C, then stop gracefully; exits with 3 where the app does not start."""
    uvicorn.run(app, host=host, port=port, **OPTIONS)
