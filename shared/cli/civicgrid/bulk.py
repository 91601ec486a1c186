"""Bringing a file of reports to intake and following what becomes of it."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from civicgrid.client import LONG, Api, As
from civicgrid.local import LocalError

IMPORTER = As("operator", "reports.import history.import", "operator")
PIECE_BYTES, POLL_SECONDS = 256 * 1024, 0.5
MEDIA = {
    ".csv": "text/csv",
    ".ndjson": "application/x-ndjson",
    ".jsonl": "application/x-ndjson",
}
ENDED = ("done", "cancelled")
NAMESPACE = uuid.UUID("0d7c2b3e-6d1a-5c0e-9b62-5f2a4c8d7e10")
Tell = Callable[[int, int], None]
Job = dict[str, Any]


@dataclass(frozen=True)
class Wish:
    """A file, and how it is to be taken."""

    file: Path
    kind: str
    dry_run: bool = False
    timezone: str | None = None
    encoding: str = "utf-8"
    ignore: tuple[str, ...] = ()

    @property
    def media(self) -> str:
        """By the file's ending; LocalError for any other."""
        found = MEDIA.get(self.file.suffix.lower())
        if found is None:
            raise LocalError(
                f"{self.file}: is it CSV or NDJSON?", f"give it an ending: {', '.join(MEDIA)}"
            )
        return found

    def query(self) -> dict[str, Any]:
        """As the request's parameters."""
        found: dict[str, Any] = {
            "kind": self.kind, "dry_run": self.dry_run, "encoding": self.encoding,
            "ignore": list(self.ignore),
        }  # fmt: skip
        return found | ({"timezone": self.timezone} if self.timezone else {})

    def key(self) -> str:
        """The same for the same file taken in the same way, so that it can be run again; a trial
        is always a new one, since the district may have changed."""
        if self.dry_run:
            return str(uuid.uuid4())
        with self.file.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return str(uuid.uuid5(NAMESPACE, f"{digest}{sorted(self.query().items())}"))


class Pieces:
    """A file as a request's body; read from its beginning whenever the request is sent again."""

    def __init__(self, file: Path, tell: Tell) -> None:
        self._file, self._tell, self._size = file, tell, file.stat().st_size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        sent = 0
        with await asyncio.to_thread(self._file.open, "rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
                yield piece
                sent += len(piece)
                self._tell(sent, self._size)


async def bring(api: Api, wish: Wish, tell: Tell) -> Job:
    """Send the file; ``tell`` hears how many bytes of how many."""
    headers = {"Content-Type": wish.media, "Idempotency-Key": wish.key()}
    found: Job = await api.send(
        "POST", "intake", "/imports/files", IMPORTER, headers=headers, params=wish.query(),
        content=Pieces(wish.file, tell), timeout=LONG,
    )  # fmt: skip
    return found


async def follow(api: Api, job: str, tell: Callable[[Mapping[str, Any]], None]) -> Job:
    """Wait until an import has ended."""
    while True:
        found: Job = await api.get("intake", f"/imports/{job}", IMPORTER)
        tell(found)
        if found["status"] in ENDED:
            return found
        await asyncio.sleep(POLL_SECONDS)


async def problems_csv(api: Api, job: str) -> bytes:
    """Every line that is bad or rejected, as CSV."""
    return await api.content("intake", f"/imports/{job}/problems.csv", IMPORTER)
