"""Metrics, traces and structured logs."""

from service_kit.settings import ServiceSettings
from service_kit.telemetry import logs, tracing


def configure(service: str, settings: ServiceSettings) -> None:
    """Set up this process's logs and traces; metrics need nothing."""
    logs.configure(service, settings.log_level)
    tracing.configure(service, settings.otlp_endpoint)
