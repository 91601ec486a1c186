"""Many things at once, all of them to their end."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def settled(doing: Iterable[Awaitable[T]]) -> list[T]:
    """What each gave, in order; raises what went wrong (the store is away) only when nothing is
    being done any more, so that nothing is repeated beside itself."""
    found = await asyncio.gather(*doing, return_exceptions=True)
    given: list[T] = []
    for each in found:
        if isinstance(each, BaseException):
            raise each
        given.append(each)
    return given
