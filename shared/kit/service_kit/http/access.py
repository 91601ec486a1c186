"""Who may call a route: ``needs("scope")`` in its dependencies, shown in OpenAPI."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service_kit.auth.principal import ANONYMOUS, Principal
from service_kit.errors import Forbidden, Unauthenticated

bearer = HTTPBearer(auto_error=False, description="JWT of the district's token issuer")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


async def principal(request: Request, credentials: Credentials) -> Principal:
    """The caller, or ANONYMOUS without a token; a bad token is refused, never ignored.

    Raises TooMany where this caller asks too often.
    """
    if credentials is None:
        if request.headers.get("authorization"):
            raise Unauthenticated("the Authorization header needs the form: Bearer <token>")
        return ANONYMOUS
    runtime = request.app.state.runtime
    found: Principal = await runtime.verifier.principal(credentials.credentials)
    runtime.rates.known(request.scope, found.id, found.kind)
    return found


Caller = Annotated[Principal, Depends(principal)]


def needs(*scopes: str) -> Callable[..., Coroutine[Any, Any, Principal]]:
    """A dependency: the caller has a token with one of these scopes (401, 403 otherwise)."""

    async def check(caller: Caller) -> Principal:
        if caller is ANONYMOUS:
            raise Unauthenticated("this needs a bearer token")
        if not any(caller.may(scope) for scope in scopes):
            raise Forbidden(f"this needs the scope {' or '.join(scopes)}")
        return caller

    return check
