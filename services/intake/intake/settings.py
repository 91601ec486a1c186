"""Settings of intake."""

from typing import Literal

from service_kit.vault import VaultSettings


class IntakeSettings(VaultSettings):
    """Beside those of every service the master keys of the vault.

    ``open311_url`` is the public base address for Open311's discovery, where it is not the one
    under which we are asked; ``open311_contact`` what it says on whom to turn to;
    ``open311_key_required``: who has no token cannot report by Open311.
    """

    open311_url: str | None = None
    open311_contact: str | None = None
    open311_type: Literal["production", "test"] = "production"
    open311_key_required: bool = False
