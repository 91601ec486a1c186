"""An OpenID Connect provider in memory, as console's login meets one."""

import json
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm

ISSUER, CLIENT, SECRET = "http://issuer.example.org", "civicgrid-console", "the-client-s-secret"


class Provider:
    """``said`` are the claims of the access token, ``wrong`` what the id token says falsely;
    ``signs`` is the key that it signs with, ``key`` the one that it publishes."""

    def __init__(self) -> None:
        self.key = self.signs = Ed25519PrivateKey.generate()
        self.said: dict[str, Any] = {"sub": "p-000007", "kind": "staff", "scope": "cases.verify"}
        self.wrong: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.exchanged: dict[str, str] = {}

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self._answer)

    def choose(self, location: str) -> dict[str, str]:
        """What the browser is sent back with, after somebody was chosen on the provider's page."""
        query = parse_qs(urlsplit(location).query)
        self.asked = {name: values[0] for name, values in query.items()}
        return {"code": "a-code", "state": self.asked["state"]}

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path.endswith("/openid-configuration"):
            return httpx.Response(200, json=self._configuration())
        if path == "/jwks":
            jwk = json.loads(OKPAlgorithm.to_jwk(self.key.public_key()))
            return httpx.Response(200, json={"keys": [{**jwk, "kid": "k", "alg": "EdDSA"}]})
        form = parse_qs(request.content.decode())
        self.exchanged = {name: values[0] for name, values in form.items()}
        return httpx.Response(200, json=self._tokens())

    def _configuration(self) -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "id_token_signing_alg_values_supported": ["EdDSA"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _tokens(self) -> dict[str, Any]:
        now = int(time.time())
        times = {"iat": now, "exp": now + 600, "iss": ISSUER}
        person = {"sub": self.said["sub"], "aud": CLIENT, "name": "网格员 Wang"}
        id_claims = {**times, **person, "nonce": self.asked.get("nonce"), **self.wrong}
        return {
            "access_token": self._signed({**times, "aud": ["dispatch"], **self.said}),
            "id_token": self._signed(id_claims),
            "token_type": "Bearer",
            "expires_in": 600,
        }

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.signs, algorithm="EdDSA", headers={"kid": "k"})
