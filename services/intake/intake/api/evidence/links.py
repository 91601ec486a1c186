"""Showing evidence: a link for somebody who may see it, and the file that the link opens."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import StreamingResponse

from case_contracts.values import Ref
from intake.adapters.audit import note
from intake.adapters.evidence.links import Copy, Link, Links
from intake.adapters.evidence.media import Media
from intake.api.evidence import seeing
from intake.api.evidence.schemas import EvidenceLinkIn, EvidenceLinkOut
from intake.api.schemas import Answers
from intake.domain.evidence.errors import Gone
from intake.settings import IntakeSettings
from intake.views.evidence import evidence_state
from service_kit.auth import Principal
from service_kit.auth.principal import ANONYMOUS
from service_kit.errors import Forbidden, Invalid, Unauthenticated
from service_kit.http.access import Caller
from service_kit.http.within import InTime
from service_kit.runtime import Runtime

router = APIRouter(tags=["evidence"], route_class=InTime)
READ = "evidence.read"
EvidenceId = Annotated[
    Ref,
    Path(
        pattern=r"^evidence:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        examples=["evidence:3f6a1f5e-6c0e-5b8e-8d0f-1d2c3b4a5f60"],
    ),
]
GONE: Answers = {410: {"description": "removed; erased: the case's key is destroyed"}}
ENDINGS = {
    "application/pdf": "pdf", "audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/ogg": "ogg",
    "audio/wav": "wav", "audio/webm": "webm", "image/jpeg": "jpg", "image/png": "png",
    "image/webp": "webp", "video/mp4": "mp4", "video/webm": "webm",
}  # fmt: skip
_BYTES = {"schema": {"type": "string", "format": "binary"}}
FILE: Answers = {
    200: {"description": "The file", "content": dict.fromkeys(ENDINGS, _BYTES)},
    404: {"description": "No such link"},
    410: {"description": "link_expired, removed, or erased"},
}
HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""A browser does nothing with the file but save or draw it, and keeps no copy."""


@router.post("/evidence/{evidence}/link", responses=GONE)
async def link(
    request: Request, evidence: EvidenceId, wanted: EvidenceLinkIn, caller: Caller
) -> EvidenceLinkOut:
    """A link to one copy, for a few minutes.

    A reporter gets the public copy of what is theirs to see. Others need ``evidence.read`` and a
    purpose, and each link of theirs is written into the vault's audit; with ``case`` they ask for
    those who handle it, who see reporters' photos without traces and all that is of its tasks.
    """
    runtime: Runtime = request.app.state.runtime
    settings = runtime.settings
    assert isinstance(settings, IntakeSettings)
    copy = await _allowed(runtime, caller, evidence, wanted)
    media: Media = runtime.extras["media"]
    await media.check(evidence, copy)
    seconds = min(wanted.seconds or 300, settings.evidence_link_seconds)
    until = int(time.time()) + seconds
    links: Links = runtime.extras["links"]
    token = links.sign(Link(evidence, copy, until))
    return EvidenceLinkOut(
        url=f"/evidence/files/{token}", expires_at=datetime.fromtimestamp(until, UTC)
    )


@router.get("/evidence/files/{token}", responses=FILE, response_class=StreamingResponse)
async def file(
    request: Request, token: Annotated[str, Path(max_length=200, pattern="^[A-Za-z0-9_-]+$")]
) -> StreamingResponse:
    """The file, while the link is good and the evidence neither removed nor erased."""
    runtime: Runtime = request.app.state.runtime
    links: Links = runtime.extras["links"]
    media: Media = runtime.extras["media"]
    asked = links.read(token, time.time())
    state = await evidence_state(runtime.database, asked.evidence)
    if state is None or not state.shown:
        raise Gone("it was removed")
    shown = await media.show(asked.evidence, asked.copy)
    first = await anext(shown.chunks)
    return StreamingResponse(
        _from(first, shown.chunks), 200, _headers(asked.evidence, shown.format, shown.size),
        shown.format,
    )  # fmt: skip


async def _allowed(
    runtime: Runtime, caller: Principal, evidence: str, wanted: EvidenceLinkIn
) -> Copy:
    """The copy that may be opened."""
    if wanted.receipt is not None:
        if wanted.copy_ != "public" or wanted.purpose is not None or wanted.case is not None:
            raise Invalid("a receipt opens the public copy, and needs no purpose and no case")
        await seeing.by_reporter(runtime, wanted.receipt, evidence)
        return "public"
    if caller is ANONYMOUS:
        raise Unauthenticated(f"say the receipt, or send a bearer token with {READ}")
    if not caller.may(READ):
        raise Forbidden(f"this needs the scope {READ}")
    if wanted.purpose is None:
        raise Invalid("say the purpose: what it is looked at for")
    copy = await _for_staff(runtime, caller, evidence, wanted)
    await note(runtime.database, caller, "media", evidence, wanted.purpose)
    return copy


async def _for_staff(
    runtime: Runtime, caller: Principal, evidence: str, wanted: EvidenceLinkIn
) -> Copy:
    if wanted.case is None:
        await seeing.by_staff(runtime, caller, evidence)
        return wanted.copy_
    if "copy_" in wanted.model_fields_set:
        raise Invalid("say either copy or case: which copy handlers see follows from the case")
    return await seeing.by_handlers(runtime, caller, wanted.case, evidence)


def _headers(evidence: str, format_: str, size: int) -> dict[str, str]:
    name = f"{evidence.replace(':', '-')[:17]}.{ENDINGS.get(format_, 'bin')}"
    saved = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(size)}
    return {**HEADERS, **saved}


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for chunk in rest:
        yield chunk
