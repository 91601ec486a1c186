"""Has files cleaned, each in a process of its own that knows no secret and is soon gone."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

import structlog

from intake.adapters.evidence.cleaning.made import Cleaned, Limits
from intake.domain.evidence.errors import UNSUPPORTED, Unreadable, UnsupportedType
from service_kit.errors import Unavailable

log = structlog.get_logger()
SECONDS = 60.0
_COMMAND = (sys.executable, "-I", "-m", "intake.adapters.evidence.cleaning")
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}
"""Not ours: it holds the master keys."""
_TYPE_CODES = frozenset({"unsupported_type", "type_mismatch"})


class Workshop:
    """At most ``workers`` files are cleaned at once, and at most ``room`` bytes of files are in
    memory, waiting or not."""

    def __init__(
        self, limits: Limits, *, workers: int, room: int, seconds: float = SECONDS
    ) -> None:
        self._limits, self._seconds = limits, seconds
        self._workers, self._room = asyncio.Semaphore(workers), room

    @contextlib.asynccontextmanager
    async def room_for(self, size: int) -> AsyncIterator[None]:
        """Raises Unavailable, before anything is read, where there is none just now."""
        if size > self._room:
            raise Unavailable("too many files are being sent just now; try again shortly")
        self._room -= size
        try:
            yield
        finally:
            self._room += size

    async def clean(self, data: bytes, declared: str) -> Cleaned:
        """Raises UnsupportedType or Unreadable, saying what to do."""
        async with self._workers:
            head, _, copies = (await self._made(data, declared)).partition(b"\n")
        if not head:
            raise Unreadable("the file cannot be read with reasonable effort: save it anew")
        said: dict[str, Any] = json.loads(head)
        if "refused" in said:
            raise _refusal(said["refused"], said["detail"])
        sizes = said.pop("sizes")
        said["place"] = None if said["place"] is None else tuple(said["place"])
        public = copies[sizes[0] :] if sizes[1] is not None else None
        return Cleaned(**said, protected=copies[: sizes[0]], public=public)

    async def _made(self, data: bytes, declared: str) -> bytes:
        """What the process answered; nothing where it died, or had to be ended."""
        process = await asyncio.create_subprocess_exec(
            *_COMMAND,
            env=_ENVIRONMENT,
            cwd="/",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        asked = json.dumps({"declared": declared, "limits": asdict(self._limits)}).encode()
        try:
            async with asyncio.timeout(self._seconds):
                answer, _ = await process.communicate(asked + b"\n" + data)
        except TimeoutError:
            answer = b""
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            log.warning("evidence_not_cleaned", exit=process.returncode, size=len(data))
            return b""
        return answer


def _refusal(code: str, detail: str) -> UnsupportedType | Unreadable:
    if code in _TYPE_CODES:
        return UnsupportedType(f"{detail}; {UNSUPPORTED}", code=code)
    return Unreadable(detail, code=code)
