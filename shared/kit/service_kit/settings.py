"""Settings of every service, from the environment (prefix ``CIVICGRID_``)."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """What each service needs to run. Secrets come from the environment and have no default.

    ``peers`` are the base addresses of the other services, for reconciliation and catching up:
    ``{"registry": "http://127.0.0.1:8101"}``. ``lapse_seconds`` and the other real-time bounds
    are settings so that fault tests need not wait long.
    """

    model_config = SettingsConfigDict(
        env_prefix="CIVICGRID_",
        extra="ignore",
        hide_input_in_errors=True,  # a mistyped secret is not shown
    )

    district: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    amqp_url: SecretStr
    mongo_url: SecretStr
    database: str
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    jwks_url: str
    issuer: str = "civicgrid-dev"
    token_url: str | None = None
    client_secret: SecretStr | None = None
    otlp_endpoint: str | None = None
    log_level: str = "INFO"
    peers: dict[str, str] = {}
    lapse_seconds: float = 10.0
    sweep_seconds: float = 60.0
    reconcile_seconds: float = 60.0
    reconcile_age_seconds: float = 30.0
    max_body_bytes: int = 1_048_576
    request_seconds: float = 20.0
