"""``python -m civicgrid.mail_sink``: a mail server of the demo that delivers to a file.

Settings ``CIVICGRID_SMTP_PORT``, ``CIVICGRID_MAIL_FILE`` (one JSON object a mail), and
``CIVICGRID_HTTP_PORT`` where ``/readyz`` and ``/count`` answer. Loopback only.
"""

import asyncio
import email
import email.policy
import json
import os
from pathlib import Path

import uvicorn
from aiosmtpd.smtp import SMTP, Envelope, Session
from fastapi import FastAPI

from service_kit.http import serving

HOST = "127.0.0.1"


class ToFile:
    """Writes each mail down: to whom, subject, message id, text."""

    def __init__(self, file: Path) -> None:
        self._file, self.count = file, 0

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by the mail server for each mail."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        row = {
            "to": envelope.rcpt_tos,
            "subject": mail["subject"],
            "id": mail["message-id"],
            "text": body.get_content() if body else "",
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.count += 1
        return "250 OK"


def create_app(sink: ToFile) -> FastAPI:
    """How many mails came."""
    app = FastAPI(title="civicgrid mail sink")

    @app.get("/readyz")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    @app.get("/count")
    async def count() -> dict[str, int]:
        return {"mails": sink.count}

    return app


async def serve() -> None:
    """Run both servers until told to stop."""
    sink = ToFile(Path(os.environ["CIVICGRID_MAIL_FILE"]))
    port = int(os.environ["CIVICGRID_SMTP_PORT"])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, loop=loop), HOST, port)
    http = int(os.environ["CIVICGRID_HTTP_PORT"])
    config = serving.config(create_app(sink), HOST, http)
    try:
        await uvicorn.Server(config).serve()
    finally:
        server.close()


if __name__ == "__main__":
    asyncio.run(serve())
