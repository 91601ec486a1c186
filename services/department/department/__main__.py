"""``python -m department``: run until SIGTERM or Ctrl-C, then stop gracefully."""

import sys

from department.behaviour.config import BadConfig
from department.main import build, hosted
from department.settings import HostSettings
from service_kit.http import serving
from service_kit.telemetry import logs


def main() -> None:
    settings = HostSettings()
    logs.configure("department", settings.log_level)
    try:
        app = build(hosted(settings))
    except BadConfig as error:
        sys.exit(f"department: {error}")
    serving.run(app, settings.http_host, settings.http_port)


main()
