"""Tokens for tests, from the real development issuer on a port of its own."""

import secrets
import socket
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

import uvicorn

from service_kit.auth.issuer import Issuer, Login, TokenRequest, create_app
from service_kit.auth.issuer_oidc import Client
from tests.support.ports import free_port

NAME = "civicgrid-test"
START_SECONDS = 10.0


class TestIssuer:
    """Runs the issuer in a thread while the ``with`` block lasts; signs tokens without asking it.

    Give services ``jwks_url``, ``name`` (their ``issuer``), and where they fetch tokens
    themselves ``token_url`` and ``secret``. With ``pages`` people of the file ``people`` log in to
    them at ``url``, which is then its name.
    """

    __test__ = False  # pytest: the name begins with Test, but this is a helper

    def __init__(
        self, name: str = NAME, *, pages: Client | None = None, people: Path | None = None
    ) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.name, self.secret = self.url if pages else name, secrets.token_hex(16)
        self.jwks_url = f"{self.url}/.well-known/jwks.json"
        self.token_url = f"{self.url}/token"
        self._issuer = Issuer(self.name)
        login = Login(self._issuer, pages, people) if pages else None
        app = create_app(self._issuer, self.secret, login=login)
        self._server = _Server(uvicorn.Config(app, port=port, log_level="warning"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def token(
        self,
        sub: str,
        scope: str | Iterable[str] = "",
        audience: str | Iterable[str] = (),
        kind: str = "staff",
        department: str | None = None,
        seconds: int = 3600,
    ) -> str:
        """A signed token; scopes and audiences as a list or separated by spaces."""
        request = TokenRequest(
            sub=sub,
            kind=kind,
            scope=" ".join(_words(scope)),
            audience=_words(audience),
            department=department,
            seconds=seconds,
        )
        return self._issuer.issue(request).access_token

    def bearer(
        self,
        sub: str,
        scope: str | Iterable[str] = "",
        audience: str | Iterable[str] = (),
        kind: str = "staff",
        department: str | None = None,
    ) -> dict[str, str]:
        """Headers of a request with such a token."""
        return {"Authorization": f"Bearer {self.token(sub, scope, audience, kind, department)}"}

    def __enter__(self) -> "TestIssuer":
        self._thread.start()
        if not self._server.is_up.wait(START_SECONDS):
            raise TimeoutError(f"the issuer at {self.jwks_url} did not start")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(START_SECONDS)


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


def _words(value: str | Iterable[str]) -> list[str]:
    return value.split() if isinstance(value, str) else list(value)
