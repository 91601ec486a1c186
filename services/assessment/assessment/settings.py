"""Settings of assessment."""

from service_kit.settings import ServiceSettings


class AssessmentSettings(ServiceSettings):
    """``pack_seconds`` (real time): how often the facts are looked at for a full block."""

    pack_seconds: float = 1.0
    request_seconds: float = 60.0
