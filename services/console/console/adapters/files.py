"""The files that pages load: ours and others', each under the hash of its content."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

PATH = "/static"
SQUEEZED = {"text/css", "text/javascript", "image/svg+xml"}
HASH_LETTERS = 12


@dataclass(frozen=True)
class Asset:
    """``squeezed`` is the body in gzip, where that is worth it."""

    body: bytes
    kind: str
    hash: str
    squeezed: bytes | None


class VendorMissing(Exception):
    """What ``npm run vendor`` puts there is not there."""


class Files:
    """Read once, at the start; what is not there then is no file of ours."""

    def __init__(self, *folders: Path) -> None:
        found = [path for folder in folders for path in sorted(folder.glob("*")) if path.is_file()]
        self._assets = {path.name: _asset(path) for path in found}

    def url(self, name: str) -> str:
        """Raises KeyError for a file that a page names and that is not there."""
        return f"{PATH}/{self._assets[name].hash}/{name}"

    def get(self, hashed: str, name: str) -> Asset | None:
        found = self._assets.get(name)
        return found if found is not None and found.hash == hashed else None

    def body(self, name: str) -> bytes:
        """Raises KeyError for a file that is not there."""
        return self._assets[name].body

    def require(self, name: str) -> None:
        """Raises VendorMissing."""
        if name not in self._assets:
            raise VendorMissing(f"{name} is missing: run `make setup` (npm run vendor)")


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    kind = "text/javascript" if path.suffix == ".js" else mimetypes.guess_type(path.name)[0]
    kind = kind or "application/octet-stream"
    squeezed = gzip.compress(body, mtime=0) if kind in SQUEEZED else None
    return Asset(body, kind, hashlib.sha256(body).hexdigest()[:HASH_LETTERS], squeezed)
