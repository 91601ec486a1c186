"""Settings of every service, from the environment (prefix ``CIVICGRID_``)."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from service_kit.http.rates import OFF, Addresses, Rate, Rates, parse_networks, parse_rates


class ServiceSettings(BaseSettings):
    """What each service needs to run. Secrets come from the environment and have no default.

    ``peers`` are the base addresses of the other services, for reconciliation and catching up:
    ``{"registry": "http://127.0.0.1:8101"}``. ``lapse_seconds`` and the other real-time bounds
    are settings so that fault tests need not wait long.

    ``rate_address``, ``rate_token``: how many requests one client address (without a valid token)
    or one token's principal may make of one process, such as ``600/minute``, or ``off``; our own
    services are not counted. ``rate_failures``: how
    often an address may ask for what is not there where that would be guessing. ``rate_channel``:
    how many reports may come by a channel, such as ``web=3000/minute,hotline=600/minute``.
    ``trusted_proxies``: networks whose ``X-Forwarded-For`` is believed, such as ``10.0.0.0/8``.
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
    rate_address: str = OFF
    rate_token: str = OFF
    rate_failures: str = OFF
    rate_channel: str = ""
    trusted_proxies: str = ""

    @field_validator("rate_address", "rate_token", "rate_failures")
    @classmethod
    def _is_rate(cls, value: str) -> str:
        Rate.parse(value)
        return value

    @field_validator("rate_channel")
    @classmethod
    def _are_rates(cls, value: str) -> str:
        parse_rates(value)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        parse_networks(value)
        return value

    def rates(self) -> Rates:
        """The limits that these settings ask for, all of them unused."""
        return Rates(
            address=Rate.parse(self.rate_address),
            failures=Rate.parse(self.rate_failures),
            token=Rate.parse(self.rate_token),
            channels=parse_rates(self.rate_channel),
        )

    def addresses(self) -> Addresses:
        """How to tell clients apart."""
        return Addresses(parse_networks(self.trusted_proxies))
