"""OpenAPI that says how every service refuses: RFC 9457 problem details, by status.

Routes document what is special to them; what the frame around all of them answers (limits,
tokens, validation, the store away) is written here, once.
"""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

MEDIA_TYPE = "application/problem+json"
_SCHEMA = {"$ref": "#/components/schemas/Problem"}
REFUSES_OTHERWISE = "x-refuses-otherwise"
"""In ``openapi_extra`` of a route whose refusals have another form, which it documents itself."""
_METHODS = ("get", "put", "post", "delete", "patch")

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "RFC 9457 problem details. `code` is stable; `retry` says whether the same"
    " request can succeed later.",
    "required": ["type", "title", "status", "code", "detail", "retry"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "pattern": "^[a-z0-9_-]{1,60}$"},
        "detail": {"type": "string"},
        "retry": {"type": "boolean"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
    "example": {
        "type": "urn:civicgrid:problem:invalid",
        "title": "invalid",
        "status": 422,
        "code": "invalid",
        "detail": "not valid: body.matter",
        "retry": False,
        "errors": [{"field": "body.matter", "message": "Field required", "kind": "missing"}],
    },
}


def install(app: FastAPI) -> None:
    """Let the app's ``/openapi.json`` document what it refuses and how."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            found = get_openapi(title=app.title, version=app.version, routes=app.routes)
            app.openapi_schema = _with_refusals(found)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _with_refusals(document: dict[str, Any]) -> dict[str, Any]:
    document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method not in item:
                continue
            if item[method].pop(REFUSES_OTHERWISE, False):
                item[method]["responses"].pop("422", None)  # FastAPI's own, never sent
            else:
                _describe(item[method], method, path)
    return document


def _describe(operation: dict[str, Any], method: str, path: str) -> None:
    answers = operation.setdefault("responses", {})
    for status, meaning in _general(operation, method, path):
        answers.setdefault(status, {"description": meaning})
    for status, answer in answers.items():
        if status.startswith(("4", "5")):
            _as_problem(answer, status)


def _general(operation: dict[str, Any], method: str, path: str) -> Iterator[tuple[str, str]]:
    if operation.get("security"):
        yield "401", "No token where one is needed, or not a valid one"
        yield "403", "The token lacks the scope"
    if "{" in path:
        yield "404", "There is no such thing, or none that you may see"
    if method != "get":
        yield "409", "The rules say no in the present state; `code` says which"
        yield "413", "The body is too large"
    yield "422", "A field is missing or not valid; `errors` names each"
    yield "429", "Too many requests from this address, with this token or by this channel"
    yield "503", "The store or the broker does not answer, or not in time: try again"


def _as_problem(answer: dict[str, Any], status: str) -> None:
    """Whatever was documented as JSON is sent as a problem; FastAPI's own 422 never is."""
    content = answer.pop("content", {})
    documented = content.get(MEDIA_TYPE) or content.get("application/json") or {}
    schema = documented.get("schema", _SCHEMA)
    if str(schema.get("$ref", "")).endswith("/HTTPValidationError"):
        schema = _SCHEMA
    answer["content"] = {MEDIA_TYPE: {**documented, "schema": schema}}
    if status in ("429", "503"):
        seconds = {"schema": {"type": "integer"}, "description": "seconds to wait"}
        answer.setdefault("headers", {})["Retry-After"] = seconds
