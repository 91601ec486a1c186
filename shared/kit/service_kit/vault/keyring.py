"""The vault's master keys: they wrap data keys and nothing else."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


class UnknownKey(LookupError):
    """A data key is wrapped by a master key that is no longer given."""


@dataclass(frozen=True)
class Wrapped:
    """A data key, encrypted by the master key ``kid``."""

    kid: str
    sealed: bytes


class KeyRing:
    """The newest master key wraps; all of them unwrap (rotation without downtime)."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {kid: AESGCM(key) for kid, key in keys.items()}
        self.current = next(iter(keys))

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """From ``kid:base64,kid2:base64``, newest first; raises ValueError that shows no key."""
        keys: dict[str, bytes] = {}
        for number, part in enumerate(text.split(","), start=1):
            kid, _, encoded = part.strip().partition(":")
            where = f"vault key no. {number}"
            if not kid or not encoded:
                raise ValueError(f"{where}: write <key id>:<32 bytes in base64>")
            if kid in keys:
                raise ValueError(f"{where}: the key id {kid} is there twice")
            keys[kid] = _decoded(encoded, f"{where} ({kid})")
        return cls(keys)

    def wrap(self, key: bytes, owner: str) -> Wrapped:
        """Encrypt a data key for its owner (a case): it opens for no other."""
        return Wrapped(self.current, seal(self._keys[self.current], key, owner))

    def unwrap(self, wrapped: Wrapped, owner: str) -> bytes:
        """The data key; raises UnknownKey, and InvalidTag where it was tampered with."""
        try:
            master = self._keys[wrapped.kid]
        except KeyError:
            raise UnknownKey(
                f"{owner} is under the master key {wrapped.kid}: add it to CIVICGRID_VAULT_KEYS"
            ) from None
        return unseal(master, wrapped.sealed, owner)


def seal(cipher: AESGCM, content: bytes, owner: str) -> bytes:
    """Nonce and AES-256-GCM ciphertext, bound to ``owner``."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, content, owner.encode())


def unseal(cipher: AESGCM, sealed: bytes, owner: str) -> bytes:
    """The content; raises InvalidTag for another owner, another key or a changed byte."""
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())


def _decoded(encoded: str, where: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise ValueError(f"{where} is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"{where} has {len(key)} bytes instead of {KEY_BYTES}")
    return key
