"""What the pages of queues have in common: somebody else can be faster."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Path
from fastapi.responses import Response

from console.adapters.asking import Refusal

ReportId = Annotated[str, Path(pattern=r"^report:[A-Za-z0-9_-][A-Za-z0-9._:-]{0,150}$")]
OVERTAKEN = (404, 409, 410)
"""Answers that mean that things have changed since the list was shown."""


async def shown_anew(refusal: Refusal, queue: Callable[..., Awaitable[Response]]) -> Response:
    """The queue as it is now, and why what was asked for is not to be had; raises what is no such
    thing."""
    if refusal.status not in OVERTAKEN:
        raise refusal
    failed = "gone" if refusal.code == "not_found" else refusal.code
    return await queue(failed=failed, status=refusal.status)
