"""The file on its way in: measured while it is read, never written anywhere in clear."""

import asyncio

from fastapi import Request
from starlette.requests import ClientDisconnect

from intake.adapters.evidence.cleaning import types
from intake.domain.evidence.errors import UNSUPPORTED, UnsupportedType
from intake.settings import IntakeSettings
from service_kit.errors import CivicError, Invalid, TooLarge


class TooSlow(CivicError):
    """The file did not come in time: its memory is needed for others."""

    status, code, retry = 408, "too_slow", True


def declared(request: Request) -> str:
    """The type that the sender says; raises UnsupportedType for one that is not taken."""
    said = request.headers.get("content-type", "")
    if types.plain(said) not in types.TAKEN:
        raise UnsupportedType(f"send the file itself with its Content-Type; {UNSUPPORTED}")
    return types.plain(said)


def allowance(declared_type: str, settings: IntakeSettings) -> int:
    """How many bytes a file of this type may have."""
    recorded = declared_type in types.RECORDINGS
    return settings.evidence_film_bytes if recorded else settings.evidence_photo_bytes


def announced(request: Request, limit: int) -> int:
    """How many bytes come, or may come where the sender does not say; raises TooLarge."""
    length = request.headers.get("content-length")
    if length is None or not length.isdigit():
        return limit
    if int(length) > limit:
        raise _too_large(limit)
    return int(length)


async def read(request: Request, limit: int, seconds: float) -> bytes:
    """Raises TooLarge as soon as it is, TooSlow, and Invalid for nothing."""
    data = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                data += piece
                if len(data) > limit:
                    raise _too_large(limit)
    except TimeoutError:
        raise TooSlow(f"the file did not come within {seconds:g} seconds") from None
    except ClientDisconnect:
        raise Invalid("the sending was broken off") from None
    if not data:
        raise Invalid("the body is empty: send the file itself")
    return bytes(data)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"a file of this type may have {limit} bytes")
