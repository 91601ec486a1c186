"""Settings of a department's own service, from the environment (prefix ``CIVICGRID_``)."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class DepartmentSettings(BaseSettings):
    """``department`` its id; ``amqp_url`` its vhost, as its own user; ``memory`` a file in which
    it remembers its open work (without one it forgets with the process); ``metrics_port`` where
    Prometheus finds its metrics (without one they are not served)."""

    model_config = SettingsConfigDict(env_prefix="CIVICGRID_", extra="ignore")

    department: str = Field(pattern=r"^[a-z0-9-]{1,60}$")
    amqp_url: SecretStr
    memory: Path | None = None
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
