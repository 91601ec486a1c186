"""What goes in and comes out."""

from dataclasses import dataclass


class Unclean(Exception):
    """The file is not taken. ``code`` is stable; the text is ours, never the file's."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code, self.detail = code, detail


@dataclass(frozen=True)
class Limits:
    """What one file may cost: pixels and frames of a picture, pages of a document."""

    pixels: int = 50_000_000
    frames: int = 100
    pages: int = 300
    edge: int = 2048


@dataclass(frozen=True)
class Cleaned:
    """The copies to keep, and what the file said of itself.

    ``protected`` is whole, ``public`` (photos only) at most ``Limits.edge`` pixels wide and high;
    neither carries metadata. ``taken`` is ISO 8601, with a zone where the file has one;
    ``place`` longitude and latitude, exact.
    """

    kind: str
    format: str
    protected: bytes
    public: bytes | None = None
    public_format: str | None = None
    fingerprint: str | None = None
    taken: str | None = None
    place: tuple[float, float] | None = None
