"""A local development issuer: signs tokens for whoever knows its secret. Never for production.

Run ``python -m service_kit.auth.issuer``; settings ``CIVICGRID_ISSUER_SECRET``,
``CIVICGRID_ISSUER``, ``CIVICGRID_HTTP_HOST``, ``CIVICGRID_HTTP_PORT``.
"""

import hmac
import json
import os
import time
import uuid
from typing import Annotated, Any

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Header, HTTPException
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
    """One Ed25519 key pair, made at start."""

    def __init__(self, name: str) -> None:
        self.name, self.kid = name, uuid.uuid4().hex[:12]
        self._key = Ed25519PrivateKey.generate()

    def jwks(self) -> dict[str, Any]:
        jwk = json.loads(OKPAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**jwk, "kid": self.kid, "alg": "EdDSA", "use": "sig"}]}

    def issue(self, request: TokenRequest) -> Token:
        now = int(time.time())
        claims = {
            "iss": self.name,
            "sub": request.sub,
            "aud": request.audience,
            "iat": now,
            "exp": now + request.seconds,
            "kind": request.kind,
            "scope": request.scope,
            "jti": uuid.uuid4().hex,
        }
        if request.department:
            claims["department"] = request.department
        token = jwt.encode(claims, self._key, algorithm="EdDSA", headers={"kid": self.kid})
        return Token(access_token=token, expires_in=request.seconds)


def create_app(issuer: Issuer, secret: str) -> FastAPI:
    app = FastAPI(title="civicgrid development issuer")

    @app.get("/.well-known/jwks.json")
    async def keys() -> dict[str, Any]:
        return issuer.jwks()

    @app.get("/readyz")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/token")
    async def token(request: TokenRequest, x_issuer_secret: Annotated[str, Header()]) -> Token:
        if not hmac.compare_digest(x_issuer_secret.encode(), secret.encode()):
            raise HTTPException(401, "wrong issuer secret")
        return issuer.issue(request)

    return app


def main() -> None:
    secret = os.environ.get("CIVICGRID_ISSUER_SECRET")
    if not secret:
        raise SystemExit("CIVICGRID_ISSUER_SECRET is not set: the issuer needs a secret")
    issuer = Issuer(os.environ.get("CIVICGRID_ISSUER", "civicgrid-dev"))
    uvicorn.run(
        create_app(issuer, secret),
        host=os.environ.get("CIVICGRID_HTTP_HOST", "127.0.0.1"),
        port=int(os.environ.get("CIVICGRID_HTTP_PORT", "8100")),
        log_level="warning",
    )


if __name__ == "__main__":
    main()
