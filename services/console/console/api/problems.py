"""Whatever goes wrong, as a page that says what it is and what to do."""

import traceback
from pathlib import Path
from urllib.parse import urlencode

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from console.adapters.asking import Refusal
from console.adapters.login import LoginFailed
from console.adapters.pages import Reader
from console.api.receipts import PassOver
from console.house import house_of
from console.staff import NotSignedIn

log = structlog.get_logger()
INNERMOST = 6
_CODES = {404: "not_found", 405: "not_found", 413: "too_large"}
_OWN = {"csrf", "not_yours", "no_login"}


def install(app: FastAPI) -> None:
    """Every error becomes a page, in this one place."""

    @app.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> Response:
        if refusal.status == 401 and hasattr(request.state, "staff"):
            return _to_login(request)
        return _page(request, refusal.status, refusal.code, refusal.after)

    @app.exception_handler(PassOver)
    async def over(request: Request, _: PassOver) -> Response:
        return RedirectResponse(Reader.of(request).link("/track", over="yes"), 303)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, _: RequestValidationError) -> Response:
        return _page(request, 422, "invalid")

    @app.exception_handler(HTTPException)
    async def plain(request: Request, error: HTTPException) -> Response:
        code = error.detail if error.detail in _OWN else _CODES.get(error.status_code, "other")
        return _page(request, error.status_code, code)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> Response:
        log.error("unexpected_error", error=type(error).__name__, at=_places(error))
        answer = _page(request, 500, "internal_error")
        answer.headers.update({**house_of(request).headers, "Cache-Control": "no-store"})
        return answer

    _install_of_staff(app)


def _install_of_staff(app: FastAPI) -> None:
    @app.exception_handler(NotSignedIn)
    async def not_signed_in(request: Request, _: NotSignedIn) -> Response:
        return _to_login(request)

    @app.exception_handler(LoginFailed)
    async def not_let_in(request: Request, failed: LoginFailed) -> Response:
        log.warning("login_failed", why=failed.why, error=type(failed.__cause__).__name__)
        return _page(request, 503 if failed.why == "away" else 403, f"login_{failed.why}")


def _places(error: Exception) -> list[str]:
    """Where it happened: no messages, which could hold what somebody wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-INNERMOST:]
    return [f"{Path(each.filename).name}:{each.lineno}" for each in frames]


def _to_login(request: Request) -> Response:
    """A page that is opened leads to the login and back; what a script asks for says 401."""
    request.session.clear()
    if request.headers.get("sec-fetch-mode", "navigate") != "navigate":
        return Response(status_code=401)
    read = request.method in ("GET", "HEAD")
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    given = urlencode({"back": back if read else "/staff"})
    return RedirectResponse(f"/staff/login?{given}", 303)


def _page(request: Request, status: int, code: str, after: int | None = None) -> Response:
    pages = house_of(request).pages
    labels = pages.labels(Reader.of(request).language)
    key = f"problem.{code}" if f"problem.{code}" in labels else "problem.other"
    name = "problem.html"
    if hasattr(request.state, "staff"):
        name = "staff/problem.html"
    answer = pages.show(request, name, {"said": key, "after": after}, status)
    if after is not None:
        answer.headers["Retry-After"] = str(after)
    return answer
