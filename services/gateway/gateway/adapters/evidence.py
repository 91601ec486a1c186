"""Evidence in intake's vault: listed, opened and attached, for the department whose task it is."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import structlog
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from case_contracts.events.intake import Phase
from case_contracts.values import Instant, Ref
from gateway.adapters.vault import PURPOSE
from gateway.domain.attachments import Evidence
from service_kit.errors import CivicError, Invalid, NotFound, Unavailable

log = structlog.get_logger()
PASSED_ON = frozenset({408, 409, 410, 413, 415, 422, 429, 503})
"""What intake says of the file or of its own state is the department's to know."""
NONE = "no such evidence of this task"
AWAY = "intake, which keeps evidence, does not answer; nothing is lost, try again"


class Refused(CivicError):
    """Intake's own refusal, passed on: its code, whether to try again, and when."""

    def __init__(self, status: int, problem: "_Problem", after: int | None) -> None:
        super().__init__(problem.detail, code=problem.code)
        self.status, self.retry, self.after = status, problem.retry, after


class _Problem(BaseModel):
    code: str
    detail: str
    retry: bool


@dataclass(frozen=True)
class Opened:
    """A file on its way, to be closed where it is not read to its end; ``headers`` are intake's,
    of those that a reader needs."""

    headers: Mapping[str, str]
    chunks: AsyncGenerator[bytes]


@dataclass(frozen=True)
class Sent:
    """A file that a department attaches to its task. ``headers``: of which type, how long."""

    department: str
    taskid: str
    phase: Phase
    headers: Mapping[str, str]
    chunks: AsyncGenerator[bytes]


class Kept(BaseModel):
    """What intake has made of it."""

    evidence: Ref
    phase: Phase
    format: str
    size: int
    attached_at: Instant


class _Link(BaseModel):
    url: str


AS_IT_IS = {"Accept-Encoding": "identity"}
KEPT_HEADERS = (
    "content-type", "content-length", "content-disposition", "cache-control",
    "content-security-policy", "referrer-policy", "x-content-type-options",
)  # fmt: skip


class IntakeEvidence:
    """Asks intake with a service token; each look leaves an audit row there.

    Everything raises NotFound, Refused with what intake says, or Unavailable.
    """

    def __init__(self, http: httpx.AsyncClient, intake: str, *, seconds: float) -> None:
        """``seconds``: within which a file has to come and to be cleaned."""
        self._http, self._intake, self._seconds = http, intake.rstrip("/"), seconds

    async def of_case(self, case: str) -> Evidence:
        """What those who handle the case may see now."""
        path = "/evidence/attachments"
        answer = await self._ask(self._request("GET", path, params={"case": case}))
        return Evidence.model_validate_json(answer.content)

    async def open(self, case: str, evidence: str) -> Opened:
        """The file, in the copy that handlers get."""
        body = {"case": case, "purpose": PURPOSE}
        asked = await self._ask(self._request("POST", f"/evidence/{evidence}/link", json=body))
        url = _Link.model_validate_json(asked.content).url
        answer = await self._send(self._request("GET", url, headers=AS_IT_IS))
        try:
            await _check(answer)
        except CivicError:
            await answer.aclose()
            raise
        headers = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
        return Opened(headers, _chunks(answer))

    async def attach(self, case: str, sent: Sent) -> Kept:
        """Put a file with a task of the case."""
        params = {
            "case": case, "taskid": sent.taskid, "phase": sent.phase, "by": sent.department,
        }  # fmt: skip
        request = self._request(
            "POST", "/evidence", params=params, headers=sent.headers, content=sent.chunks,
            timeout=self._seconds,
        )  # fmt: skip
        return Kept.model_validate_json((await self._ask(request)).content)

    def _request(self, method: str, path: str, **more: Any) -> httpx.Request:
        return self._http.build_request(method, self._intake + path, **more)

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._send(request)
        try:
            await answer.aread()
            await _check(answer)
        except httpx.HTTPError as error:
            raise _away(error) from None
        finally:
            await answer.aclose()
        return answer

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._http.send(request, stream=True)
        except ClientDisconnect:
            raise Invalid("the sending was broken off") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise _away(error) from None


async def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    if answer.status_code == 404:
        raise NotFound(NONE)
    try:
        await answer.aread()
        problem = _Problem.model_validate_json(answer.content)
    except (httpx.HTTPError, ValidationError):
        problem = None
    if problem is None or answer.status_code not in PASSED_ON:
        log.error("intake_refuses", status=answer.status_code)
        raise Unavailable(AWAY)
    after = answer.headers.get("retry-after", "")
    raise Refused(answer.status_code, problem, int(after) if after.isdigit() else None)


async def _chunks(answer: httpx.Response) -> AsyncGenerator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    except httpx.HTTPError as error:
        raise _away(error) from None
    finally:
        await answer.aclose()


def _away(error: Exception) -> Unavailable:
    log.warning("intake_away", error=type(error).__name__)
    return Unavailable(AWAY)
