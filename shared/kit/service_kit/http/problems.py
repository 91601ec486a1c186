"""Errors as RFC 9457 problem details, with a stable code and whether to retry."""

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from service_kit.errors import CivicError, Unavailable
from service_kit.mongo import UNKNOWN_OUTCOME, PyMongoError

log = structlog.get_logger()
RETRY_AFTER_SECONDS = "2"
_CODES = {401: "unauthenticated", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}


class CodedHTTPException(HTTPException):
    """What is wrong with a body while it is read: FastAPI lets no other kind of error through."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(status, detail)
        self.code = code


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    retry: bool = False,
    after: int | None = None,
    **extra: Any,
) -> JSONResponse:
    """An ``application/problem+json`` answer; ``retry`` asks the client to come again, ``after``
    so many seconds."""
    body = {
        "type": f"urn:civicgrid:problem:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "code": code,
        "detail": detail,
        "retry": retry,
        **extra,
    }
    headers = {"Cache-Control": "no-store"}  # what is refused now may be answered in a moment
    if retry:
        headers["Retry-After"] = str(after or RETRY_AFTER_SECONDS)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def refusal(error: CivicError) -> JSONResponse:
    """One of our errors as its problem."""
    return problem(
        error.status,
        error.code,
        error.detail,
        retry=error.retry,
        after=error.after,
        **error.extra,
    )


def said(error: Mapping[str, Any]) -> str:
    """What a validation error says to people: our own words without what pydantic puts before
    them."""
    message: str = error["msg"]
    return message.removeprefix("Value error, ") if error["type"] == "value_error" else message


def install(app: FastAPI) -> None:
    """Map every error to a problem, in this one place."""

    @app.exception_handler(CivicError)
    async def civic(_: Request, error: CivicError) -> JSONResponse:
        return refusal(error)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        fields = [
            {"field": ".".join(str(p) for p in e["loc"]), "message": said(e), "kind": e["type"]}
            for e in error.errors()
        ]
        named = ", ".join(f["field"] for f in fields)
        return problem(422, "invalid", f"not valid: {named}", errors=fields)

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> JSONResponse:
        known = _CODES.get(error.status_code, "http_error")
        code = error.code if isinstance(error, CodedHTTPException) else known
        return problem(error.status_code, code, str(error.detail))

    @app.exception_handler(PyMongoError)
    async def store(_: Request, error: PyMongoError) -> JSONResponse:
        if isinstance(error, UNKNOWN_OUTCOME):
            away = Unavailable("the store does not answer")
            return problem(away.status, away.code, away.detail, retry=True)
        log.error("store_error", error=type(error).__name__)
        return problem(500, "internal_error", "an error of ours; it has been logged")

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        log.error("unexpected_error", exc_info=error)
        return problem(500, "internal_error", "an error of ours; it has been logged")
