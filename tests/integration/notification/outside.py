"""The world around notification: intake's vault and a mail server, on ports of their own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import uvicorn
from aiosmtpd.controller import Controller
from fastapi import FastAPI, HTTPException

from service_kit.ids import new_receipt
from tests.support.ports import free_port


@dataclass
class FakeVault:
    """Answers like intake's vault; ``away`` makes it answer 503."""

    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    purposes: list[str] = field(default_factory=list)
    away: bool = False
    url: str = ""

    def add(self, report: str, email: str | None) -> str:
        """A report with this way to reach its reporter; returns its receipt."""
        receipt = new_receipt()
        self.contacts[report] = {"email": email, "phone": None, "receipt": receipt}
        return receipt

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/vault/reports/{report}/contact")
        async def contact(report: str, purpose: str) -> dict[str, Any]:
            self.purposes.append(purpose)
            if self.away:
                raise HTTPException(503)
            if report not in self.contacts:
                raise HTTPException(410)
            return {**self.contacts[report], "language": "zh"}

        @app.get("/vault/receipts/{receipt}")
        async def owner(receipt: str) -> dict[str, Any]:
            found = [r for r, c in self.contacts.items() if c["receipt"] == receipt]
            if not found:
                raise HTTPException(404)
            return {"report": found[0], "case": None}

        return app


@contextmanager
def vault() -> Iterator[FakeVault]:
    fake, port = FakeVault(), free_port()
    fake.url = f"http://127.0.0.1:{port}"
    started = threading.Event()
    config = uvicorn.Config(fake.app(), port=port, log_level="warning")
    server = _Server(config, started)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(10), "the vault did not start"
    yield fake
    server.should_exit = True
    thread.join(10)


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._is_up = started

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self._is_up.set()


@dataclass
class Post:
    """A mail server: keeps what it takes; ``answers`` are given first, one per message."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        return "250 OK"


@contextmanager
def post() -> Iterator[Post]:
    taken = Post(port=free_port())
    controller = Controller(taken, hostname="127.0.0.1", port=taken.port)
    controller.start()
    yield taken
    controller.stop()
