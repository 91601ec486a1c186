"""The vault's own secret and its rotation; see ``service_kit.vault``."""

from service_kit.vault.secret import open_secret, rotate

__all__ = ["open_secret", "rotate"]
