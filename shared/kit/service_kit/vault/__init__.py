"""Vaults: what people entrust, encrypted under data keys that can be destroyed.

``vault_keys`` holds a data key per case or household, wrapped by a master key of the environment;
``vault_meta`` the vault's own secret, ``vault_audit`` who looked at what. What is sealed, and
under which keys, is each service's own.
"""

from service_kit.vault.box import Box
from service_kit.vault.data_keys import DataKeys
from service_kit.vault.keyring import (
    KEY_BYTES,
    KeyRing,
    UnknownKey,
    Wrapped,
    seal,
    unseal,
)
from service_kit.vault.secret import keep_rotated, open_secret, rotate
from service_kit.vault.settings import VaultSettings

__all__ = [
    "KEY_BYTES",
    "Box",
    "DataKeys",
    "KeyRing",
    "UnknownKey",
    "VaultSettings",
    "Wrapped",
    "keep_rotated",
    "open_secret",
    "rotate",
    "seal",
    "unseal",
]
