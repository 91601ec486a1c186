"""The port: names that say nothing, and bytes that say nothing either."""

from collections.abc import AsyncIterator, Iterable
from typing import Protocol


class Missing(LookupError):
    """Nothing is stored under this name, or no longer all of it."""


class MediaStore(Protocol):
    """Written once, read as a stream, deleted."""

    async def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """All of it or, where this raises, nothing that can be opened."""
        ...

    def open(self, name: str) -> AsyncIterator[bytes]:
        """The bytes as put, in pieces of any size; raises Missing before the first one."""
        ...

    async def delete(self, name: str) -> None:
        """What is not there is deleted already."""
        ...
