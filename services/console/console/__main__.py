"""``python -m console``: serve the pages until SIGTERM or Ctrl-C, then stop gracefully."""

import socket
import sys

import uvicorn

from console.adapters.files import VendorMissing
from console.adapters.live_hub import Hub
from console.main import build
from console.settings import ConsoleSettings
from service_kit import memory
from service_kit.http import serving
from service_kit.telemetry import logs, tracing


class _Server(uvicorn.Server):
    """Lets go of the pages that listen before it waits for requests to end."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:  # noqa: TID251
        super().__init__(config)
        self._hub = hub

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


def main() -> None:
    settings = ConsoleSettings()
    logs.configure("console", settings.log_level)
    tracing.configure("console", settings.otlp_endpoint)
    try:
        app = build(settings)
    except VendorMissing as error:
        sys.exit(f"console: {error}")
    config = serving.config(
        app,
        settings.http_host,
        settings.http_port,
        log_level="critical",  # errors are logged by `problems`, without what they hold
    )
    hub: Hub = app.state.house.hub
    memory.settle()
    _Server(config, hub).run()


main()
