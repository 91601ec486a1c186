"""The vault's master keys; see ``service_kit.vault``, which the registry uses too."""

from service_kit.vault.keyring import KeyRing, UnknownKey, seal, unseal

__all__ = ["KeyRing", "UnknownKey", "seal", "unseal"]
