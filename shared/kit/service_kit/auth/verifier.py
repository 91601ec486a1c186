"""Validating tokens: signature, algorithm, issuer, audience, expiry. Nothing is trusted unread."""

import time
from typing import Any

import httpx
import jwt
from jwt import PyJWK, PyJWKSet

from service_kit.auth.principal import Principal
from service_kit.errors import Unauthenticated, Unavailable
from service_kit.http.outgoing import certificates

ALGORITHMS = ("EdDSA", "ES256", "RS256")
REFETCH_SECONDS = 30.0
LEEWAY_SECONDS = 5
CACHE_SIZE = 4096


class Verifier:
    """Checks tokens meant for one audience (the service's name) against the issuer's keys."""

    def __init__(self, jwks_url: str, issuer: str, audience: str) -> None:
        self._url, self._issuer, self._audience = jwks_url, issuer, audience
        self._keys: dict[str, PyJWK] = {}
        self._fetched = float("-inf")
        self._known: dict[str, tuple[float, Principal]] = {}

    async def principal(self, token: str) -> Principal:
        """The token's principal; raises Unauthenticated with what is wrong."""
        known = self._known.get(token)
        if known is not None and known[0] > time.time():
            return known[1]
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError:
            raise Unauthenticated("the bearer token is not a JWT") from None
        if header.get("alg") not in ALGORITHMS:
            raise Unauthenticated("the token's algorithm is not accepted")
        key = await self._key(str(header.get("kid")))
        principal, expires = self._validate(token, key)
        if len(self._known) >= CACHE_SIZE:
            self._known.clear()
        self._known[token] = (expires, principal)
        return principal

    def _validate(self, token: str, key: PyJWK) -> tuple[Principal, float]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(ALGORITHMS),
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated(f"the token is not valid here: {error}") from None
        principal = Principal(
            id=str(claims["sub"]),
            kind=str(claims.get("kind", "staff")),
            scopes=frozenset(str(claims.get("scope", "")).split()),
            department=claims.get("department"),
        )
        return principal, float(claims["exp"])

    async def _key(self, kid: str) -> PyJWK:
        if kid not in self._keys and time.monotonic() - self._fetched > REFETCH_SECONDS:
            await self._fetch()
        try:
            return self._keys[kid]
        except KeyError:
            raise Unauthenticated("the token's key is not one of the issuer's") from None

    async def _fetch(self) -> None:
        try:
            async with httpx.AsyncClient(timeout=5, verify=certificates()) as client:
                response = await client.get(self._url)
                response.raise_for_status()
        except httpx.HTTPError as error:
            raise Unavailable(f"the token issuer's keys cannot be read: {error}") from None
        keys = PyJWKSet.from_dict(response.json()).keys
        self._keys = {str(key.key_id): key for key in keys}
        self._fetched = time.monotonic()
