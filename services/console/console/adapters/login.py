"""Logging in with the district's OpenID Connect provider: authorization code with PKCE."""

import time
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import Request
from fastapi.responses import Response

from console.domain.person import Person

SCOPE = "openid profile"


class LoginFailed(Exception):
    """The issuer did not let somebody in, or what it said cannot be trusted. ``why`` is a word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Entered:
    """Who came in. ``token`` is for the services, ``until`` the second at which it ends."""

    person: Person
    token: str
    until: int


class Login:
    """``issuer`` is the provider's address, where its discovery document is."""

    def __init__(
        self,
        issuer: str,
        client: str,
        secret: str,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        kwargs: dict[str, Any] = {"scope": SCOPE, "code_challenge_method": "S256", "timeout": 10}
        if transport is not None:
            kwargs["transport"] = transport
        self._app = OAuth().register(
            "civicgrid",
            client_id=client,
            client_secret=secret,
            server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs=kwargs,
        )

    async def begin(self, request: Request, back: str) -> Response:
        """To the issuer, which sends the browser ``back``; raises LoginFailed."""
        try:
            answer: Response = await self._app.authorize_redirect(request, back)
        except (httpx.HTTPError, OAuthError, RuntimeError) as error:
            raise LoginFailed("away") from error
        return answer

    async def finish(self, request: Request) -> Entered:
        """Who came back; state, nonce, signature, issuer and audience of what the issuer says are
        looked at. Raises LoginFailed."""
        try:
            said = await self._app.authorize_access_token(request)
        except OAuthError as error:
            raise LoginFailed("denied" if error.error == "access_denied" else "refused") from error
        except httpx.HTTPError as error:
            raise LoginFailed("away") from error
        except Exception as error:  # what libraries raise for signatures and claims is their own
            raise LoginFailed("refused") from error
        return entered(said)


def entered(said: dict[str, Any]) -> Entered:
    """What the access token says; it came straight from the issuer, and each service checks it
    with every request, so that here it is only read."""
    try:
        claims = jwt.decode(said["access_token"], options={"verify_signature": False})
        named = said.get("userinfo") or {}
        person = Person(
            id=str(claims["sub"]),
            kind=str(claims.get("kind", "staff")),
            scopes=frozenset(str(claims.get("scope", "")).split()),
            department=claims.get("department"),
            name=str(named.get("name") or claims["sub"]),
        )
        until = int(claims.get("exp", time.time() + int(said.get("expires_in", 0))))
    except (KeyError, ValueError, jwt.PyJWTError) as error:
        raise LoginFailed("refused") from error
    return Entered(person, said["access_token"], until)
