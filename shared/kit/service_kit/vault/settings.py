"""Settings of a service that has a vault."""

from pydantic import SecretStr, field_validator

from service_kit.settings import ServiceSettings
from service_kit.vault.keyring import KeyRing


class VaultSettings(ServiceSettings):
    """``CIVICGRID_VAULT_KEYS`` are the vault's master keys, newest first:
    ``<key id>:<32 bytes in base64>,<older key id>:...``. It has no default."""

    vault_keys: SecretStr

    @field_validator("vault_keys")
    @classmethod
    def _readable(cls, value: SecretStr) -> SecretStr:
        KeyRing.parse(value.get_secret_value())
        return value

    def keyring(self) -> KeyRing:
        """The master keys."""
        return KeyRing.parse(self.vault_keys.get_secret_value())
