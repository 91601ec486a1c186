"""Settings of the registry, from the environment (prefix ``CIVICGRID_``)."""

from service_kit.settings import ServiceSettings


class RegistrySettings(ServiceSettings):
    """``district_bytes`` bounds the body of ``POST /districts``."""

    database: str = "registry"
    district_bytes: int = 64 * 1024 * 1024
