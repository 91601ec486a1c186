"""What only we can read and nobody can change, though it goes through others' hands."""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


class Seal:
    """AES-GCM under a key of its own for each ``purpose``, so that what was sealed for one is
    nothing for another."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._purpose = purpose.encode()
        key = hashlib.sha256(self._purpose + b"\x00" + secret.encode()).digest()
        self._cipher = AESGCM(key)

    def seal(self, plain: bytes) -> str:
        """In letters that may stand in an address or a cookie."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, plain, self._purpose)
        return base64.urlsafe_b64encode(sealed).decode()

    def read(self, text: str) -> bytes | None:
        """What was sealed; None for what was not sealed here, or was changed."""
        try:
            raw = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
            return self._cipher.decrypt(raw[:_NONCE], raw[_NONCE:], self._purpose)
        except (ValueError, InvalidTag):
            return None
