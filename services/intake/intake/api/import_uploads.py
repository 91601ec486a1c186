"""A file on its way in: read as it arrives, cut into chunks, each sealed and stored."""

import hashlib
from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo

import orjson
from fastapi import Request
from pydantic import BaseModel, ConfigDict

from case_contracts.events.intake import ImportKind
from intake.adapters.import_store import ImportStore, Upload
from intake.adapters.references import References
from intake.domain.import_lines import Flaw, Line, Wrong
from intake.domain.import_reading import CsvReader, Encoding, NdjsonReader, Reader
from service_kit.errors import CivicError, Invalid

CHUNK_LINES, CHUNK_BYTES = 200, 1_000_000
CSV, NDJSON = "text/csv", "application/x-ndjson"


class WrongType(CivicError):
    """The body is neither of the two kinds of file."""

    status, code = 415, "media_type_unknown"


class Way(BaseModel):
    """How a file is to be read, and what for."""

    model_config = ConfigDict(frozen=True)

    kind: ImportKind
    dry_run: bool
    media: Literal["text/csv", "application/x-ndjson"]
    encoding: Encoding
    timezone: str | None
    ignore: tuple[str, ...]

    def reader(self) -> Reader:
        """A reader for one file."""
        if self.media == CSV:
            return CsvReader(self.encoding, frozenset(self.ignore))
        return NdjsonReader(self.encoding)


def media_of(request: Request) -> Literal["text/csv", "application/x-ndjson"]:
    """The kind of file; raises WrongType."""
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said == CSV:
        return "text/csv"
    if said == NDJSON:
        return "application/x-ndjson"
    raise WrongType(f"send the file as {CSV} or {NDJSON}")


def check_timezone(name: str | None) -> None:
    """Raises Invalid for what is no zone."""
    try:
        if name is not None:
            ZoneInfo(name)
    except (ValueError, LookupError, OSError):
        field = {"field": "query.timezone", "message": "no such zone; write Asia/Shanghai"}
        raise Invalid("the timezone is not known", errors=[field]) from None


class Receiving:
    """One file: its lines into chunks, its bytes into a hash."""

    def __init__(self, way: Way, references: References) -> None:
        self._way, self._references = way, references
        self._content = hashlib.sha256()

    def body(self) -> str:
        """A keyed hash of what was sent and how it was to be read."""
        way = orjson.dumps(self._way.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
        return self._references.body(way + self._content.digest())

    async def hash_only(self, request: Request) -> None:
        """Of a file that is there already."""
        async for piece in request.stream():
            self._content.update(piece)

    async def store(self, request: Request, store: ImportStore, upload: Upload) -> None:
        """Raises Wrong where the file is not to be read."""
        reader, chunk = self._way.reader(), _Chunk()
        async for piece in request.stream():
            self._content.update(piece)
            for lines in chunk.add(reader.feed(piece)):
                await store.add(upload, lines)
        for lines in [*chunk.add(reader.close()), *chunk.rest()]:
            await store.add(upload, lines)
        if upload.lines == 0:
            raise Wrong("file_empty", "the file has no line to import")


class _Chunk:
    """Collects lines until a chunk is full. The second of two lines with one ref is bad."""

    def __init__(self) -> None:
        self._lines: list[Line] = []
        self._size = 0
        self._refs: set[int] = set()  # hashes: a file may have a million

    def add(self, lines: Sequence[Line]) -> list[list[Line]]:
        """The chunks that are full with these lines."""
        full = []
        for line in lines:
            self._lines.append(self._once(line))
            self._size += len(orjson.dumps(line.content))
            if len(self._lines) >= CHUNK_LINES or self._size >= CHUNK_BYTES:
                full += self.rest()
        return full

    def rest(self) -> list[list[Line]]:
        """What is left, as the last chunk."""
        lines, self._lines, self._size = self._lines, [], 0
        return [lines] if lines else []

    def _once(self, line: Line) -> Line:
        ref = line.content.get("ref") if line.content is not None and not line.flaw else None
        if not isinstance(ref, str):
            return line
        if hash(ref) in self._refs:
            return Line(line.number, {"ref": ref}, Flaw.REF_TWICE, "ref")
        self._refs.add(hash(ref))
        return line
