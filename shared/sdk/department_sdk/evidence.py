"""Evidence of a task over the gateway's HTTP door: photos fetched, work shown (证据材料).

Needs nothing but the standard library. A certificate authority of one's own is named by
``SSL_CERT_FILE``, as for any Python program.
"""

import asyncio
import hashlib
import json
import mimetypes
from collections.abc import Callable, Mapping
from functools import partial
from http.client import HTTPException
from pathlib import Path
from ssl import SSLCertVerificationError
from typing import IO, Any, Literal
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import structlog
from pydantic_settings import BaseSettings, SettingsConfigDict

from case_contracts.inbox import Attachment, TaskItem
from department_sdk.task import Task

log = structlog.get_logger()
TRIES = 8
PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0
SILENCE_SECONDS = 300.0
"""How long the gateway may say nothing: a large film has to be cleaned."""
COME_AGAIN = frozenset({401, 429, 503})
"""After 401 the token file is read again: whoever rotates the token has written it by then."""


class EvidenceRefused(Exception):
    """Not given or not taken. ``status`` is HTTP's, None where the gateway cannot be reached;
    ``code`` is stable: ``not_found`` also where the task is no longer ours, ``removed`` and
    ``erased`` where the file is gone. ``retry``: the same can succeed ``after`` so many seconds."""

    def __init__(
        self, status: int | None, code: str, detail: str, *, retry: bool, after: float | None = None
    ) -> None:
        super().__init__(f"{code}: {detail}")
        self.status, self.code, self.retry, self.after = status, code, retry, after


class EvidenceSettings(BaseSettings):
    """``CIVICGRID_GATEWAY_URL``; ``CIVICGRID_TOKEN_FILE``, which holds the department's token."""

    model_config = SettingsConfigDict(env_prefix="CIVICGRID_", extra="ignore")

    gateway_url: str
    token_file: Path


class EvidenceDoor:
    """Asks again, after the pause that the gateway names, until it has an answer or has tried
    ``tries`` times; the token is read anew for each request."""

    def __init__(self, gateway_url: str, token_file: Path, *, tries: int = TRIES) -> None:
        self._url, self._token, self._tries = gateway_url.rstrip("/"), token_file, tries
        self._opener = build_opener(_Stay)

    @classmethod
    def from_env(cls) -> "EvidenceDoor":
        settings = EvidenceSettings.model_validate({})
        return cls(settings.gateway_url, settings.token_file)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The file, whole. Raises EvidenceRefused, also where the task is no longer ours."""
        return await self._until_answered(partial(self._ask, attachment.url))

    async def attach(
        self,
        task: Task | TaskItem,
        file: Path | bytes,
        phase: Literal["before", "after"],
        *,
        media_type: str | None = None,
    ) -> str:
        """Put a file with the task; the evidence's id, for ``Completed(evidence=...)``.

        The same file for the same assignment is the same evidence, however often it is sent.
        ``media_type`` is guessed from a path's ending. Raises EvidenceRefused.
        """
        item = task.item if isinstance(task, Task) else task
        media_type = media_type or _media_type(file)
        content = await asyncio.to_thread(file.read_bytes) if isinstance(file, Path) else file
        path = f"/departments/{item.department}/tasks/{item.taskid}/evidence?phase={phase}"
        headers = {"Content-Type": media_type, "Idempotency-Key": _key(item, phase, content)}
        answer = await self._until_answered(partial(self._ask, path, content, headers))
        return str(json.loads(answer)["evidence"])

    async def _until_answered(self, ask: Callable[[], bytes]) -> bytes:
        for attempt in range(1, self._tries):
            try:
                return await asyncio.to_thread(ask)
            except EvidenceRefused as refused:
                if not refused.retry:
                    raise
                pause = refused.after or PAUSE_SECONDS * 2.0 ** (attempt - 1)
                log.warning("evidence_waits", code=refused.code, seconds=pause)
                await asyncio.sleep(min(pause, LONGEST_PAUSE_SECONDS))
        return await asyncio.to_thread(ask)

    def _ask(
        self, path: str, content: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> bytes:
        if not path.startswith("/"):
            raise ValueError(f"{path!r} is no path at the gateway")
        bearer = {"Authorization": f"Bearer {self._token.read_text().strip()}"}
        request = Request(self._url + path, content, {**(headers or {}), **bearer})
        try:
            with self._opener.open(request, timeout=SILENCE_SECONDS) as answer:
                found: bytes = answer.read()
        except HTTPError as error:
            raise _refused(error) from None
        except (OSError, HTTPException) as error:  # no line, or it broke on the way
            raise self._unreachable(error) from None
        return found

    def _unreachable(self, error: Exception) -> EvidenceRefused:
        """A certificate that is not trusted now is not trusted in a minute either."""
        reason = getattr(error, "reason", error)
        trusted = not isinstance(reason, SSLCertVerificationError)
        return EvidenceRefused(None, "unreachable", f"{self._url}: {reason!r}", retry=trusted)


class _Stay(HTTPRedirectHandler):
    """The token goes nowhere but to the gateway."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> None:
        return None


def _refused(error: HTTPError) -> EvidenceRefused:
    said = error.headers.get("Retry-After", "")
    try:
        problem = json.loads(error.read())
        code, detail = str(problem["code"]), str(problem["detail"])
        retry = bool(problem["retry"]) or error.code in COME_AGAIN
    except (ValueError, KeyError, TypeError):  # not the gateway: a proxy on the way
        code, detail, retry = "http_error", f"HTTP {error.code}", error.code in COME_AGAIN
    after = float(said) if said.isdigit() else None
    return EvidenceRefused(error.code, code, detail, retry=retry, after=after)


def _media_type(file: Path | bytes) -> str:
    guessed = mimetypes.guess_type(file.name)[0] if isinstance(file, Path) else None
    if guessed is None:
        raise ValueError('say the media type: media_type="image/jpeg"')
    return guessed


def _key(item: TaskItem, phase: str, content: bytes) -> str:
    said = f"{item.taskid}:{item.assignment}:{phase}:{hashlib.sha256(content).hexdigest()}"
    return hashlib.sha256(said.encode()).hexdigest()
