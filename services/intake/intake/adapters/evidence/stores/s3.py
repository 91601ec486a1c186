"""Files in S3 or what speaks like it; credentials, region and endpoint as AWS's own variables."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import obstore
from obstore.store import S3Store

from intake.adapters.evidence.stores.port import Missing

PIECE = 256 * 1024


class S3MediaStore:
    """``address``: ``s3://bucket/prefix``."""

    def __init__(self, address: str, **options: Any) -> None:
        self._store = S3Store.from_url(address, **options)

    async def put(self, name: str, chunks: Iterable[bytes]) -> None:
        await obstore.put_async(self._store, name, iter(chunks))

    async def open(self, name: str) -> AsyncIterator[bytes]:
        try:
            found = await obstore.get_async(self._store, name)
        except FileNotFoundError:
            raise Missing(name) from None
        async for piece in found.stream(min_chunk_size=PIECE):
            yield bytes(piece)

    async def delete(self, name: str) -> None:
        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return
