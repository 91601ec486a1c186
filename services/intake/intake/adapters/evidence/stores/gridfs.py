"""Files in the service's own database (GridFS)."""

from collections.abc import AsyncIterator, Iterable

from gridfs.errors import CorruptGridFile, NoFile
from motor.motor_asyncio import AsyncIOMotorGridFSBucket

from intake.adapters.evidence.stores.port import Missing
from service_kit.mongo import Database

BUCKET = "media"


class GridFsStore:
    def __init__(self, database: Database) -> None:
        self._bucket = AsyncIOMotorGridFSBucket(database, bucket_name=BUCKET)

    async def put(self, name: str, chunks: Iterable[bytes]) -> None:
        """A file of which only some chunks were written has no entry, so it cannot be opened."""
        stream = self._bucket.open_upload_stream_with_id(name, name)
        try:
            for chunk in chunks:
                await stream.write(chunk)
        except BaseException:
            await stream.abort()
            raise
        await stream.close()

    async def open(self, name: str) -> AsyncIterator[bytes]:
        try:
            stream = await self._bucket.open_download_stream(name)
        except NoFile:
            raise Missing(name) from None
        try:
            while piece := await stream.readchunk():
                yield piece
        except CorruptGridFile:
            raise Missing(f"chunks of {name}") from None

    async def delete(self, name: str) -> None:
        """Also the chunks of a file that was never finished."""
        try:
            await self._bucket.delete(name)
        except NoFile:
            return
