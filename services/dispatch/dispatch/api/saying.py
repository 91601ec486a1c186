"""Doing something with a case that goes with people's words: sealed before it is submitted."""

from collections.abc import Callable
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from case_contracts.values import Ref
from dispatch.adapters.statements import statements_of
from dispatch.api.doing import do
from dispatch.views import sight
from service_kit.auth import Principal
from service_kit.errors import CivicError


async def say(
    request: Request, case: str, handler: str, words: tuple[str, str | None],
    command: Callable[[Ref | None], Any], caller: Principal, body: BaseModel, key: str | None,
) -> dict[str, Any]:  # fmt: skip
    """``words`` are their kind and themselves, where there are any; ``command`` is made with the
    reference to them. What is said with a request that is refused is forgotten."""
    await sight.find(request.app.state.runtime, case, caller)
    statements = statements_of(request)
    kind, said = words
    statement = await statements.keep(case, kind, said)
    try:
        return await do(request, case, handler, command(statement), caller, body, key)
    except CivicError as error:
        if not error.retry:
            await statements.drop(statement)
        raise
