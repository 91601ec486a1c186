"""What the development issuer signs."""

import json
import time
import uuid
from typing import Annotated, Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from pydantic import BaseModel, Field

TOKEN_SECONDS = 3600


class TokenRequest(BaseModel):
    """Who the token is for, what it allows, and at which services (audiences)."""

    sub: str
    kind: str = "staff"
    scope: str = ""
    audience: Annotated[list[str], Field(min_length=1)]
    department: str | None = None
    seconds: Annotated[int, Field(gt=0, le=86_400)] = TOKEN_SECONDS


class Token(BaseModel):
    access_token: str
    token_type: str = "Bearer"
    expires_in: int


class Issuer:
    """One Ed25519 key pair, made at start. ``name`` is the claim ``iss``: for people's log-ins it
    has to be the issuer's own URL."""

    def __init__(self, name: str) -> None:
        self.name, self.kid = name, uuid.uuid4().hex[:12]
        self._key = Ed25519PrivateKey.generate()

    def jwks(self) -> dict[str, Any]:
        jwk = json.loads(OKPAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**jwk, "kid": self.kid, "alg": "EdDSA", "use": "sig"}]}

    def issue(self, request: TokenRequest) -> Token:
        """An access token (RFC 9068 in spirit: what services read of it is ``Principal``)."""
        claims: dict[str, Any] = {
            "aud": request.audience,
            "kind": request.kind,
            "scope": request.scope,
            "jti": uuid.uuid4().hex,
        }
        if request.department:
            claims["department"] = request.department
        token = self.sign(request.sub, request.seconds, claims)
        return Token(access_token=token, expires_in=request.seconds)

    def sign(self, sub: str, seconds: int, claims: dict[str, Any]) -> str:
        """A token with these claims beside issuer, subject and times."""
        now = int(time.time())
        whole = {"iss": self.name, "sub": sub, "iat": now, "exp": now + seconds} | claims
        return jwt.encode(whole, self._key, algorithm="EdDSA", headers={"kid": self.kid})
