"""Short-lived links: a signed word that opens one copy of one piece of evidence."""

import base64
import binascii
import hmac
import struct
import uuid
from dataclasses import dataclass
from typing import Literal

from intake.domain.evidence.errors import Gone
from service_kit.errors import NotFound

Copy = Literal["public", "protected"]
_COPIES: tuple[Copy, ...] = ("public", "protected")
_FORM = struct.Struct(">16sBI")
_MAC = 32


@dataclass(frozen=True)
class Link:
    """``until`` in Unix seconds of the machine's clock: a scaled clock does not shorten links."""

    evidence: str
    copy: Copy
    until: int


class Links:
    """Signs and reads links with a key of the vault's."""

    def open(self, key: bytes) -> None:
        self._key = key

    def sign(self, link: Link) -> str:
        raw = uuid.UUID(link.evidence.removeprefix("evidence:")).bytes
        said = _FORM.pack(raw, _COPIES.index(link.copy), link.until)
        return base64.urlsafe_b64encode(said + self._mac(said)).rstrip(b"=").decode()

    def read(self, token: str, now: float) -> Link:
        """Raises NotFound for one that was not signed here, Gone for one that is over."""
        said = self._signed(token)
        raw, copy, until = _FORM.unpack(said)
        if now >= until:
            raise Gone("the link is over: ask for a new one", code="link_expired")
        return Link(f"evidence:{uuid.UUID(bytes=raw)}", _COPIES[copy], until)

    def _signed(self, token: str) -> bytes:
        unknown = NotFound("no such link")
        try:
            found = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise unknown from None
        said, mac = found[: _FORM.size], found[_FORM.size :]
        if len(mac) != _MAC or not hmac.compare_digest(mac, self._mac(said)):
            raise unknown
        return said

    def _mac(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, "sha256")
