"""A local development issuer: signs tokens for whoever knows its secret, and lets anybody log in
as any sample person. Never for production.

Run ``python -m service_kit.auth.issuer``; settings ``CIVICGRID_ISSUER_SECRET``,
``CIVICGRID_ISSUER``, ``CIVICGRID_HTTP_HOST``, ``CIVICGRID_HTTP_PORT``; and
``CIVICGRID_ISSUER_CLIENTS``, a JSON file of departments' clients
(``{client: {department, secrets}}``), read anew for each of their requests.

With ``CIVICGRID_ISSUER_PAGES`` (JSON ``{client, secret, redirects, audience}``) people log in to
the pages over OpenID Connect; then ``CIVICGRID_ISSUER`` has to be its URL, and
``CIVICGRID_ISSUER_PEOPLE`` names the JSON file of sample people, read anew with each request.
"""

import hmac
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse

from service_kit.auth.issuer_clients import credentials, department_of, form_of
from service_kit.auth.issuer_oidc import Client, Login, routes
from service_kit.auth.issuer_tokens import Issuer, Token, TokenRequest
from service_kit.http import serving

__all__ = ["Issuer", "Login", "Token", "TokenRequest", "create_app"]

DEPARTMENT_SECONDS = 86_400
"""A day's work without a program that renews it: this is for development only."""
AUDIENCES_OF_DEPARTMENTS = ["gateway", "dispatch"]
"""A department speaks to the gateway, and answers its slips at dispatch."""


def of_department(department: str) -> TokenRequest:
    """The token that a department's own program gets."""
    return TokenRequest(
        sub=f"department:{department}",
        kind="department",
        scope="department",
        audience=AUDIENCES_OF_DEPARTMENTS,
        department=department,
        seconds=DEPARTMENT_SECONDS,
    )


def create_app(
    issuer: Issuer, secret: str, clients: Path | None = None, login: Login | None = None
) -> FastAPI:
    """Without ``login`` there are tokens for programs alone."""
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

    @app.post("/oauth/token")
    async def granted(
        request: Request, authorization: Annotated[str | None, Header()] = None
    ) -> JSONResponse:
        form = form_of(await request.body())
        return _granted(issuer, clients, login, form, credentials(authorization, form))

    if login is not None:
        app.include_router(routes(login))
    return app


def _granted(
    issuer: Issuer,
    clients: Path | None,
    login: Login | None,
    form: Mapping[str, str],
    client: tuple[str, str],
) -> JSONResponse:
    """By the kind of grant: a department's program for itself, or the pages for a person."""
    grant = form.get("grant_type")
    if grant == "authorization_code" and login is not None:
        return login.exchange(form, *client)
    if grant != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    department = department_of(clients, *client)
    if department is None:
        return JSONResponse({"error": "invalid_client"}, 401)
    return JSONResponse(issuer.issue(of_department(department)).model_dump())


def login_of(issuer: Issuer) -> Login | None:
    """As the environment says; SystemExit where it cannot work."""
    pages = os.environ.get("CIVICGRID_ISSUER_PAGES")
    if not pages:
        return None
    if not issuer.name.startswith(("http://", "https://")):
        raise SystemExit("CIVICGRID_ISSUER has to be the issuer's URL for people to log in")
    return Login(issuer, Client.model_validate_json(pages), _path("CIVICGRID_ISSUER_PEOPLE"))


def _path(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None


def main() -> None:
    secret = os.environ.get("CIVICGRID_ISSUER_SECRET")
    if not secret:
        raise SystemExit("CIVICGRID_ISSUER_SECRET is not set: the issuer needs a secret")
    issuer = Issuer(os.environ.get("CIVICGRID_ISSUER", "civicgrid-dev"))
    serving.run(
        create_app(issuer, secret, _path("CIVICGRID_ISSUER_CLIENTS"), login_of(issuer)),
        os.environ.get("CIVICGRID_HTTP_HOST", "127.0.0.1"),
        int(os.environ.get("CIVICGRID_HTTP_PORT", "8100")),
    )


if __name__ == "__main__":
    main()
