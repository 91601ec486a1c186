"""Settings of the registry, from the environment (prefix ``CIVICGRID_``)."""

from pydantic import Field

from service_kit.vault import VaultSettings


class RegistrySettings(VaultSettings):
    """``district_bytes`` bounds the bodies of ``POST /districts`` and ``POST /grids/import``.

    ``gcj02_check``: outlines that only fit their parents when taken as GCJ-02 are refused.
    ``consent_days``: for so long a household's consent holds at most; the vault's keys are those
    of the household register.
    """

    database: str = "registry"
    district_bytes: int = 64 * 1024 * 1024
    gcj02_check: bool = True
    consent_days: int = Field(1096, ge=1, le=36_525)
