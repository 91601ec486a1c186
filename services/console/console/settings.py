"""Settings of console (prefix ``CIVICGRID_``)."""

from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).parent
STAFF_PEERS = frozenset({"joint", "assessment", "notification", "gateway"})


class ConsoleSettings(BaseSettings):
    """``peers`` are the base addresses of intake, dispatch and registry, and for the pages of staff
    also of joint, assessment, notification and gateway. ``page_secret`` seals the
    passes in the pages' addresses; replicas share it. ``public_url`` is where residents reach the
    pages, for the QR code on a receipt; without it, the address that was asked. ``zone`` is the
    zone in which times are written where the reader's is not known.

    ``tile_url`` is a map's tiles, such as ``https://tiles.example.org/{z}/{x}/{y}.png``; without it
    the grids' own outlines are the map, and nothing is asked of anybody else. ``map_levels`` are
    the grids' levels that it draws. ``pass_seconds`` is how long a page about a report can be
    opened again before the receipt code is asked for anew.

    ``oidc_issuer`` is the address of the OpenID Connect provider with which staff log in, as
    ``oidc_client`` with ``oidc_secret``; without it there are only the pages of residents.
    ``session_seconds`` is how long a browser stays logged in at most; it ends with the token.
    ``amqp_url`` is the broker whose events make pages load anew what has changed; without it they
    say that they are not live.
    """

    model_config = SettingsConfigDict(
        env_prefix="CIVICGRID_", extra="ignore", hide_input_in_errors=True
    )

    peers: dict[str, str]
    page_secret: SecretStr = Field(min_length=24)
    token_url: str
    client_secret: SecretStr
    public_url: str | None = None
    zone: str = "Asia/Shanghai"
    tile_url: str | None = Field(default=None, pattern=r"^https?://[^/\s;,'\"]+/[^\s;,'\"]*$")
    map_levels: str = "district,street,community"
    map_seconds: float = 300.0
    pass_seconds: int = Field(default=3600, ge=60)
    photo_bytes: int = 20_971_520
    upload_seconds: float = 120.0
    oidc_issuer: str | None = None
    oidc_client: str = "civicgrid-console"
    oidc_secret: SecretStr | None = None
    session_seconds: int = Field(default=36_000, ge=60)
    amqp_url: SecretStr | None = None
    vendor: Path = PACKAGE / "vendor"
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    otlp_endpoint: str | None = None
    log_level: str = "INFO"
    max_body_bytes: int = 65_536
    request_seconds: float = 30.0

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @field_validator("peers")
    @classmethod
    def _are_there(cls, value: dict[str, str]) -> dict[str, str]:
        missing = {"intake", "dispatch", "registry"} - set(value)
        if missing:
            raise ValueError(f"CIVICGRID_PEERS lacks {', '.join(sorted(missing))}")
        return value

    @model_validator(mode="after")
    def _staff_can_be_served(self) -> Self:
        if self.oidc_issuer is None:
            return self
        if self.oidc_secret is None:
            raise ValueError("CIVICGRID_OIDC_ISSUER needs CIVICGRID_OIDC_SECRET")
        missing = STAFF_PEERS - set(self.peers)
        if missing:
            raise ValueError(f"CIVICGRID_PEERS lacks {', '.join(sorted(missing))}")
        return self

    @property
    def levels(self) -> tuple[str, ...]:
        return tuple(each.strip() for each in self.map_levels.split(",") if each.strip())
