"""The twin for tests: files in memory."""

from collections.abc import AsyncIterator, Iterable

from intake.adapters.evidence.stores.port import Missing

PIECE = 100_000


class MemoryStore:
    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def put(self, name: str, chunks: Iterable[bytes]) -> None:
        self.files[name] = b"".join(chunks)

    async def open(self, name: str) -> AsyncIterator[bytes]:
        try:
            found = self.files[name]
        except KeyError:
            raise Missing(name) from None
        for start in range(0, len(found), PIECE):
            yield found[start : start + PIECE]

    async def delete(self, name: str) -> None:
        self.files.pop(name, None)
