"""``python -m department``: run until SIGTERM or Ctrl-C, then stop gracefully."""

import sys

import uvicorn

from department.behaviour.config import BadConfig
from department.main import build, hosted
from department.settings import HostSettings
from service_kit.telemetry import logs


def main() -> None:
    settings = HostSettings()
    logs.configure("department", settings.log_level)
    try:
        app = build(hosted(settings))
    except BadConfig as error:
        sys.exit(f"department: {error}")
    uvicorn.run(
        app, host=settings.http_host, port=settings.http_port, log_level="warning", loop="uvloop"
    )


main()
