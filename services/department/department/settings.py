"""Settings of the reference department service (prefix ``CIVICGRID_``)."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class HostSettings(BaseSettings):
    """One process hosts one or several departments.

    ``department_config``: YAML files or folders of them, separated by commas.
    ``department_amqp``: each department's vhost as its own user, ``{department: address}``; these
    are the departments that run here. Each has a database ``<database>_<department>``.
    """

    model_config = SettingsConfigDict(env_prefix="CIVICGRID_", extra="ignore")

    department_config: str
    department_amqp: dict[str, SecretStr] = Field(min_length=1)
    mongo_url: SecretStr
    database: str = "department"
    http_host: str = "127.0.0.1"
    http_port: int = 8000
    log_level: str = "INFO"

    def database_of(self, department: str) -> str:
        return f"{self.database}_{department.replace('-', '_')}"
