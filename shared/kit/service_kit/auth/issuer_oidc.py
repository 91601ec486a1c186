"""Logging in as a sample person: OpenID Connect's code flow (Core 1.0, section 3.1) with PKCE, for
one client, the pages. Errors are said on the page and lead nowhere else."""

import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from service_kit.auth import issuer_page
from service_kit.auth.issuer_clients import form_of
from service_kit.auth.issuer_codes import Codes, Granted
from service_kit.auth.issuer_people import people_of
from service_kit.auth.issuer_tokens import TOKEN_SECONDS, Issuer, TokenRequest
from service_kit.language import Language

_CARRIED = (
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method", "ui_locales",
)  # fmt: skip
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
NO_STORE = {"Cache-Control": "no-store"}


class Client(BaseModel):
    """The pages, as the issuer knows them. People's tokens are good at the services in
    ``audience``; ``redirects`` are whole addresses."""

    client: str
    secret: str
    redirects: list[str]
    audience: list[str] = Field(min_length=1)


@dataclass
class Login:
    """``people`` is a file that is read anew with each request."""

    issuer: Issuer
    client: Client
    people: Path | None
    codes: Codes = field(default_factory=Codes)

    def exchange(self, form: Mapping[str, str], client: str, secret: str) -> JSONResponse:
        """A code for tokens; the client is shown by id and secret."""
        known = hmac.compare_digest(secret.encode(), self.client.secret.encode())
        if client != self.client.client or not known:
            return JSONResponse({"error": "invalid_client"}, 401, NO_STORE)
        asked = (form.get(name, "") for name in ("code", "redirect_uri", "code_verifier"))
        code, redirect, verifier = asked
        granted = self.codes.take(code, client, redirect, verifier)
        if granted is None:
            return JSONResponse({"error": "invalid_grant"}, 400, NO_STORE)
        return JSONResponse(self._tokens(granted), headers=NO_STORE)

    def _tokens(self, granted: Granted) -> dict[str, Any]:
        person = granted.person
        request = TokenRequest(
            sub=person.id,
            kind=person.kind,
            scope=person.scope,
            audience=self.client.audience,
            department=person.department,
        )
        claims: dict[str, Any] = {
            "aud": granted.client,
            "auth_time": int(time.time()),
            "name": person.name.in_(granted.language),
            "kind": person.kind,
            "scope": person.scope,
        }
        claims |= {"nonce": granted.nonce} if granted.nonce else {}
        claims |= {"department": person.department} if person.department else {}
        token = self.issuer.sign(person.id, TOKEN_SECONDS, claims)
        return self.issuer.issue(request).model_dump() | {"id_token": token, "scope": "openid"}

    def wrong(self, asked: Mapping[str, str], language: Language) -> HTMLResponse | None:
        """The page that says what is wrong with a request to log in; None: nothing."""
        if asked["client_id"] != self.client.client:
            return issuer_page.refuse("client", language)
        if asked["redirect_uri"] not in self.client.redirects:
            return issuer_page.refuse("redirect", language)
        found = {
            "response_type: code": asked["response_type"] == "code",
            "scope: openid": "openid" in asked["scope"].split(),
            "code_challenge_method: S256": asked["code_challenge_method"] == "S256",
            "code_challenge": bool(_CHALLENGE.fullmatch(asked["code_challenge"])),
        }
        details = [name for name, fits in found.items() if not fits]
        return issuer_page.refuse("request", language, details) if details else None

    def go_back(self, asked: Mapping[str, str], person: str, language: Language) -> Response:
        """To the client with a code, as a person of the file."""
        found = next((each for each in people_of(self.people) if each.id == person), None)
        if found is None:
            return issuer_page.refuse("person", language)
        granted = Granted(
            found,
            language,
            client=asked["client_id"],
            redirect=asked["redirect_uri"],
            challenge=asked["code_challenge"],
            nonce=asked["nonce"],
        )
        said = {"code": self.codes.draw(granted), "iss": self.issuer.name}
        said |= {"state": asked["state"]} if asked["state"] else {}
        url = f"{asked['redirect_uri']}?{urlencode(said)}"
        return RedirectResponse(url, 303, NO_STORE | {"Referrer-Policy": "no-referrer"})


def routes(login: Login) -> APIRouter:
    """What a browser and a client ask before there is a code."""
    router = APIRouter()

    @router.get("/.well-known/openid-configuration")
    async def configuration() -> dict[str, Any]:
        return configuration_of(login.issuer.name)

    @router.get("/issuer.css")
    async def style() -> Response:
        return Response(issuer_page.CSS, media_type="text/css")

    @router.get("/authorize")
    async def page(request: Request) -> Response:
        asked, language = _asked(request, request.query_params)
        people = people_of(login.people)
        return login.wrong(asked, language) or issuer_page.choose(people, asked, language)

    @router.post("/authorize")
    async def chosen(request: Request) -> Response:
        form = form_of(await request.body())
        asked, language = _asked(request, form)
        person = form.get("person", "")
        return login.wrong(asked, language) or login.go_back(asked, person, language)

    return router


def configuration_of(url: str) -> dict[str, Any]:
    """OpenID Connect Discovery 1.0, section 3."""
    return {
        "issuer": url,
        "authorization_endpoint": f"{url}/authorize",
        "token_endpoint": f"{url}/oauth/token",
        "jwks_uri": f"{url}/.well-known/jwks.json",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "scopes_supported": ["openid", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "ui_locales_supported": ["zh-CN", "en"],
        "claims_supported": ["sub", "iss", "aud", "name", "kind", "scope", "department"],
        "authorization_response_iss_parameter_supported": True,
    }


def _asked(request: Request, given: Mapping[str, str]) -> tuple[dict[str, str], Language]:
    """The request's parameters, whole, and the language to answer in."""
    asked = {name: given.get(name, "") for name in _CARRIED}
    accepted = request.headers.get("accept-language", "")
    return asked, issuer_page.language_of(asked["ui_locales"], accepted)
