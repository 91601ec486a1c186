"""Settings of intake."""

from service_kit.vault import VaultSettings


class IntakeSettings(VaultSettings):
    """Beside those of every service the master keys of the vault."""
