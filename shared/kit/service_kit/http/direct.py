"""A busy route that reads its request itself; its signature is what OpenAPI shows.

FastAPI's own reading of parameters (a plan walked for each request, the body parsed by ``json``
and then validated) costs as much as deciding what was asked for.
"""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)
Read = Callable[[Request], Awaitable[Mapping[str, Any]]]


def direct(read: Read) -> type[APIRoute]:
    """A class of routes whose endpoint gets the request and what ``read`` makes of it."""

    class Direct(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            endpoint = self.endpoint

            async def handle(request: Request) -> Response:
                answer: Response = await endpoint(request, **await read(request))
                return answer

            return handle

    return Direct


async def body_of(request: Request, model: type[M]) -> M:
    """The JSON body; raises what FastAPI raises where it is none, or not valid."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and "+json" in kind):
        raise invalid("content_type", ("body",), "the Content-Type needs to be application/json")
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError(
            [{**each, "loc": ("body", *each["loc"])} for each in found]
        ) from None


def header_of(request: Request, name: str, most: int) -> str | None:
    """A header of 1 to ``most`` characters, or None without it."""
    value = request.headers.get(name)
    if value is not None and not 1 <= len(value) <= most:
        raise invalid("string_length", ("header", name), f"it has 1 to {most} characters")
    return value


def invalid(kind: str, where: tuple[str, ...], message: str) -> RequestValidationError:
    return RequestValidationError([{"type": kind, "loc": where, "msg": message}])
