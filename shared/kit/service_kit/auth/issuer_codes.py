"""Authorization codes with their proof (RFC 7636): drawn at random, good once and for a minute."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from service_kit.auth.issuer_people import Person
from service_kit.language import Language

CODE_SECONDS = 60.0


@dataclass(frozen=True)
class Granted:
    """Who has logged in, and for which client, address and proof their code is good."""

    person: Person
    language: Language
    client: str
    redirect: str
    challenge: str
    nonce: str


class Codes:
    """Codes that nobody has used yet."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._open: dict[str, tuple[float, Granted]] = {}

    def draw(self, granted: Granted) -> str:
        now = self._now()
        self._open = {code: row for code, row in self._open.items() if row[0] > now}
        code = secrets.token_urlsafe(32)
        self._open[code] = now + CODE_SECONDS, granted
        return code

    def take(self, code: str, client: str, redirect: str, verifier: str) -> Granted | None:
        """What the code stands for; None where anything does not fit. Good or not, it is used."""
        until, granted = self._open.pop(code, (0.0, None))
        if granted is None or until <= self._now():
            return None
        fits = (granted.client, granted.redirect) == (client, redirect)
        return granted if fits and _proves(verifier, granted.challenge) else None


def challenge_of(verifier: str) -> str:
    """The method S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _proves(verifier: str, challenge: str) -> bool:
    return hmac.compare_digest(challenge_of(verifier), challenge)
