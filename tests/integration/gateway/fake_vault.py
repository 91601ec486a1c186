"""Intake's vault as the gateway sees it: words and evidence, or away."""

import threading
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

import uvicorn
from fastapi import Body, FastAPI, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.requests import ClientDisconnect

from tests.support.ports import free_port

TAKEN_AT = "2026-01-05T01:05:00Z"


@dataclass
class FakeFile:
    """What is kept of one piece of evidence. ``chunks`` come one by one, as slowly as they are
    made; ``state``: shown, removed or withheld."""

    case: str
    phase: str = "report"
    format: str = "image/jpeg"
    content: bytes = b"\xff\xd8\xff the picture"
    chunks: AsyncIterator[bytes] | None = None
    state: str = "shown"

    def row(self, evidence: str) -> dict[str, Any]:
        return {
            "evidence": evidence, "phase": self.phase, "format": self.format, "taken_at": TAKEN_AT,
        }  # fmt: skip


@dataclass
class FakeVault:
    """``words`` by case, ``files`` by evidence; ``away`` makes every answer a 503, ``refuse`` the
    next ones to what is sent or opened; ``asked`` notes who asked for which words, ``looks`` which
    evidence was opened for what, ``sent`` what was attached, ``begun`` how many files began to
    come and ``broken_off`` how many of them were not sent to their end."""

    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: dict[str, FakeFile] = field(default_factory=dict)
    away: bool = False
    refuse: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    looks: list[tuple[str, str]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    begun: int = 0
    broken_off: int = 0

    def __post_init__(self) -> None:
        app, port = FastAPI(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._words_of(app)
        self._opening_of(app)
        self._taking_of(app)
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = self._server.force_exit = True
        self._thread.join(10)

    def put(self, case: str, **said: Any) -> str:
        """Evidence of a case is there; its id."""
        evidence = f"evidence:{uuid.uuid4()}"
        self.files[evidence] = FakeFile(case, **said)
        return evidence

    def _words_of(self, app: FastAPI) -> None:
        @app.get("/vault/words")
        def words(case: Annotated[list[str], Query()], purpose: str) -> list[dict[str, Any]]:
            self._check()
            self.asked += [(each, purpose) for each in case]
            return [
                {"case": each, **self.words[each], **self._evidence(each)}
                for each in case
                if each in self.words
            ]

        @app.get("/commits/writers")
        def writers() -> list[Any]:
            return []

        @app.get("/evidence/attachments")
        def attachments(case: str) -> dict[str, Any]:
            self._check()
            return self._evidence(case)

    def _opening_of(self, app: FastAPI) -> None:
        @app.post("/evidence/{evidence}/link")
        def link(evidence: str, asked: Annotated[dict[str, str], Body()]) -> Any:
            self._check()
            if self.refuse:
                return _problem(*self.refuse.pop(0))
            file = self.files.get(evidence)
            if file is None or file.case != asked["case"] or file.state == "withheld":
                return _problem(404, "not_found", {})
            if file.state == "removed":
                return _problem(410, "removed", {})
            self.looks.append((evidence, asked["purpose"]))
            return {"url": f"/evidence/files/{evidence}", "expires_at": TAKEN_AT}

        @app.get("/evidence/files/{evidence}")
        def opened(evidence: str) -> Response:
            file = self.files[evidence]
            headers = {"Content-Disposition": 'attachment; filename="evidence.jpg"', "X-By": "p-1"}
            if file.chunks is not None:
                return StreamingResponse(file.chunks, 200, headers, file.format)
            return Response(file.content, 200, headers, file.format)

    def _taking_of(self, app: FastAPI) -> None:
        @app.post("/evidence", status_code=201)
        async def attach(request: Request) -> Any:
            self._check()
            self.begun += 1
            try:
                content = await request.body()
            except ClientDisconnect:
                self.broken_off += 1
                return Response(status_code=400)
            if self.refuse:
                return _problem(*self.refuse.pop(0))
            return self._keep(request, content)

    def _check(self) -> None:
        if self.away:
            raise HTTPException(503)

    def _evidence(self, case: str) -> dict[str, Any]:
        of_case = {e: file for e, file in self.files.items() if file.case == case}
        shown = [file.row(e) for e, file in of_case.items() if file.state == "shown"]
        withheld = [e for e, file in of_case.items() if file.state == "withheld"]
        return {"attachments": shown, "withheld": len(withheld)}

    def _keep(self, request: Request, content: bytes) -> dict[str, Any]:
        """The same key for the same task is the same evidence."""
        headers = request.headers
        said: dict[str, Any] = {
            **request.query_params,
            "content": content,
            "key": headers.get("idempotency-key"),
            "type": headers.get("content-type", ""),
        }
        known = next(
            (each for each in self.sent if each["key"] and each["key"] == said["key"]), None
        )
        if known is None:
            known = said | {
                "evidence": self.put(said["case"], phase=said["phase"], content=content)
            }
            self.sent.append(known)
        return {
            "evidence": known["evidence"], "phase": known["phase"], "kind": "photo",
            "format": known["type"], "size": len(content), "public": True,
            "attached_at": TAKEN_AT,
        }  # fmt: skip


def _problem(status: int, code: str, headers: dict[str, str]) -> JSONResponse:
    body = {"code": code, "detail": f"intake says {code}", "retry": status in (429, 503)}
    return JSONResponse(body, status, headers, "application/problem+json")
