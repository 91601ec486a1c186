"""Intake's vault as the gateway sees it: answers with words, or is away."""

import threading
from dataclasses import dataclass, field
from typing import Annotated, Any

import uvicorn
from fastapi import FastAPI, HTTPException, Query

from tests.support.ports import free_port


@dataclass
class FakeVault:
    """``words`` by case; ``away`` makes every answer a 503; ``asked`` notes who asked for what."""

    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    away: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        app, port = FastAPI(), free_port()
        self.url = f"http://127.0.0.1:{port}"

        @app.get("/vault/words")
        def words(case: Annotated[list[str], Query()], purpose: str) -> list[dict[str, Any]]:
            if self.away:
                raise HTTPException(503)
            self.asked += [(each, purpose) for each in case]
            return [{"case": each, **self.words[each]} for each in case if each in self.words]

        @app.get("/commits/writers")
        def writers() -> list[Any]:
            return []

        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)
