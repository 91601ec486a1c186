"""A form as a browser sends it, photos in memory only."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

from console.adapters.asking import Refusal
from console.adapters.intake import File
from console.house import house_of

MOST_FIELDS, MOST_PHOTOS = 30, 6


@dataclass(frozen=True)
class Sent:
    """The fields of a form and its photos, where some were chosen."""

    fields: Mapping[str, Any]
    photos: tuple[File, ...] = ()

    @property
    def photo(self) -> File | None:
        return self.photos[0] if self.photos else None


async def of_staff(request: Request) -> Sent:
    """The same for those who are logged in, with several photos; read once, however often it is
    asked for: whether the form is theirs is looked at before what is in it."""
    found: Sent | None = getattr(request.state, "sent", None)
    if found is None:
        settings = house_of(request).settings
        most = settings.photo_bytes + settings.max_body_bytes
        found = request.state.sent = await _read(request, most, settings.upload_seconds)
    return found


async def fields(request: Request) -> Mapping[str, Any]:
    """The fields of a form without a photo; raises Refusal for what is no form."""
    settings = house_of(request).settings
    return (await _read(request, settings.max_body_bytes, settings.upload_seconds)).fields


async def with_photo(request: Request) -> Sent:
    """Raises Refusal for a file that is too large or too slow, and for what is no form."""
    settings = house_of(request).settings
    most = settings.photo_bytes + settings.max_body_bytes
    return await _read(request, most, settings.upload_seconds)


async def _read(request: Request, most: int, seconds: float) -> Sent:
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise Refusal(413, "too_large")
    try:
        async with asyncio.timeout(seconds):
            form = await _form(request, most)
    except TimeoutError:
        raise Refusal(408, "too_slow") from None
    except MultiPartException:
        raise Refusal(400, "invalid") from None
    chosen = [each for each in form.getlist("photo") if isinstance(each, UploadFile)]
    photos = [await _photo(each) for each in chosen]
    return Sent(form, tuple(each for each in photos if each is not None))


async def _form(request: Request, most: int) -> FormData:
    headers, stream = request.headers, _measured(request, most)
    kind = headers.get("content-type", "")
    if kind.startswith("application/x-www-form-urlencoded"):
        return await FormParser(headers, stream, max_fields=MOST_FIELDS).parse()
    if not kind.startswith("multipart/form-data"):
        raise Refusal(400, "invalid")
    parser = MultiPartParser(headers, stream, max_files=MOST_PHOTOS, max_fields=MOST_FIELDS)
    parser.spool_max_size = 2 * most  # nothing that somebody sends is written to a disk in clear
    return await parser.parse()


async def _measured(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    seen = 0
    async for piece in request.stream():
        seen += len(piece)
        if seen > most:
            raise Refusal(413, "too_large")
        yield piece


async def _photo(chosen: UploadFile) -> File | None:
    """None where the field was left empty: a browser then sends a file without content."""
    data = await chosen.read()
    return File(data, chosen.content_type or "application/octet-stream") if data else None
