"""Which types of file are taken: the first bytes say it, and the sender must say the same."""

import filetype

from intake.adapters.evidence.cleaning.made import Unclean

ALIASES = {
    "image/jpg": "image/jpeg",
    "image/heif": "image/heic",
    "audio/mp3": "audio/mpeg",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "application/ogg": "audio/ogg",
    "video/x-m4v": "video/mp4",
}
PHOTOS = ("image/jpeg", "image/png", "image/webp", "image/heic")
PUBLIC_FORMAT = "image/jpeg"
"""Of the copy of a photo that may be shown, whatever the photo was."""
RECORDINGS = {
    "audio/mpeg": "mp3",
    "audio/mp4": "mp4",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "webm",
    "video/mp4": "mp4",
    "video/quicktime": "mp4",
    "video/webm": "webm",
}
"""Type to container; whether it is sound or film, its streams say."""
DOCUMENTS = ("application/pdf",)
TAKEN = (*PHOTOS, *RECORDINGS, *DOCUMENTS)
HEAD = 8192


def plain(declared: str) -> str:
    """The type without parameters (``;codecs=opus``), under the one name that we use."""
    name = declared.split(";", 1)[0].strip().lower()
    return ALIASES.get(name, name)


def sniffed(data: bytes) -> str | None:
    """The type that the first bytes show; None for none that is known."""
    found = filetype.guess_mime(data[:HEAD])
    return None if found is None else plain(found)


def agreed(data: bytes, declared: str) -> str:
    """The type on which content and sender agree; raises Unclean."""
    said, seen = plain(declared), sniffed(data)
    if seen not in TAKEN:
        raise Unclean("unsupported_type", "the content is not of a type that is taken")
    same_container = RECORDINGS.get(said, said) == RECORDINGS.get(seen, seen)
    if said not in TAKEN or not same_container:
        raise Unclean("type_mismatch", f"Content-Type says {said}, the content is {seen}")
    return said if said in RECORDINGS else seen
