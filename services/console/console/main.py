"""The composition root of console."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI

from console.adapters.asking import Peer
from console.adapters.directory import Directory
from console.adapters.dispatch import Dispatch
from console.adapters.files import Files
from console.adapters.headers import Headers, security
from console.adapters.intake import Intake
from console.adapters.ledgers import Ledgers
from console.adapters.live_events import LiveEvents
from console.adapters.live_hub import Hub
from console.adapters.login import Login
from console.adapters.offer import Offer
from console.adapters.pages import Pages
from console.adapters.passes import Passes
from console.adapters.seal import Seal
from console.adapters.sessions import Sessions
from console.adapters.territory import Territory
from console.api import acting, figures, health, problems, receipts, reporting, start, tracking
from console.api.staff import ROUTERS as STAFF
from console.api.staff import command, live
from console.house import House
from console.settings import ConsoleSettings
from service_kit.app import NO_TELEMETRY
from service_kit.auth.client import ServiceToken
from service_kit.http import routes
from service_kit.http.limits import Limits
from service_kit.http.outgoing import certificates

STATIC = Path(__file__).parent / "static"
ROUTERS: tuple[APIRouter, ...] = (
    start.router, reporting.router, receipts.router, acting.router, tracking.router, health.router,
    figures.router,
    *STAFF, live.router, command.router,
)  # fmt: skip
NOUNS = {
    "staff",
    "report",
    "figures",
    "receipt",
    "track",
    "static",
    "map",
    "healthz",
    "readyz",
    "metrics",
}
WITH_PHOTO = (
    "/report/send", "/track/*/additions", "/staff/department/tasks/*/complete",
    "/staff/field/report", "/staff/field/items/*/photo", "/staff/field/cases/*",
)  # fmt: skip
VENDORED = ("leaflet.js", "htmx.min.js", "idb.js", "echarts.common.min.js")
STAFF_PATH = "/staff"
WITHOUT_END = "/staff/live"
SECONDS = 15
KEPT = httpx.Limits(keepalive_expiry=2)
"""What stands between us and a service may close a connection that nobody used for a few seconds:
ours is given up well before, so that no request meets one that is just being closed."""
FAR = 10
"""So many times what is taken are cut off without a page that says so; less is told in words."""


@dataclass(frozen=True)
class Lines:
    """How the other services are asked, replaceable in tests: ``open`` without a token, which is
    how residents ask; ``registry`` with ours."""

    open: httpx.AsyncClient
    registry: httpx.AsyncClient

    @classmethod
    def of(cls, settings: ConsoleSettings) -> "Lines":
        token = ServiceToken(
            settings.token_url, settings.client_secret.get_secret_value(),
            "service:console", "registry.read", ["registry"],
        )  # fmt: skip
        return cls(
            httpx.AsyncClient(timeout=SECONDS, limits=KEPT, verify=certificates()),
            httpx.AsyncClient(auth=token, timeout=SECONDS, limits=KEPT, verify=certificates()),
        )

    async def close(self) -> None:
        await self.open.aclose()
        await self.registry.aclose()


def house(settings: ConsoleSettings, lines: Lines) -> House:
    """Everything that console consists of; raises VendorMissing."""
    files = Files(STATIC, settings.vendor)
    for name in VENDORED:
        files.require(name)
    peers = {name: url.rstrip("/") for name, url in settings.peers.items()}
    registry = Peer(lines.registry, peers["registry"])
    return House(
        settings=settings,
        files=files,
        pages=Pages(
            files,
            settings.zone,
            tile_url=settings.tile_url,
            staff_login=settings.oidc_issuer is not None,
        ),
        passes=Passes(settings.page_secret.get_secret_value(), settings.pass_seconds),
        offer=Offer(),
        intake=Intake(lines.open, peers["intake"]),
        dispatch=Dispatch(lines.open, peers["dispatch"]),
        territory=Territory(registry, settings.levels, settings.map_seconds),
        headers=security(settings.tile_url),
        directory=Directory(registry, settings.map_seconds),
        login=_login(settings),
        peers=peers,
        staff_line=lines.open,
        ledgers=Ledgers(),
        hub=Hub(),
    )


def _login(settings: ConsoleSettings) -> Login | None:
    if settings.oidc_issuer is None or settings.oidc_secret is None:
        return None
    return Login(
        settings.oidc_issuer, settings.oidc_client, settings.oidc_secret.get_secret_value()
    )


def _listening(settings: ConsoleSettings, hub: Hub) -> asyncio.Task[None] | None:
    if settings.amqp_url is None:
        return None
    events = LiveEvents(settings.amqp_url.get_secret_value(), hub)
    return asyncio.create_task(events.run())


def build(settings: ConsoleSettings, lines: Lines | None = None) -> FastAPI:
    """The app; its lines to the other services are closed with it."""
    found = lines or Lines.of(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        listening = _listening(settings, app.state.house.hub)
        try:
            yield
        finally:
            if listening is not None:
                listening.cancel()
            await found.close()

    app = FastAPI(
        title="civicgrid console", version="1.0.0", lifespan=lifespan,
        docs_url=None, redoc_url=None, telemetry=NO_TELEMETRY,
    )  # fmt: skip
    app.state.house = house(settings, found)
    problems.install(app)
    photos = dict.fromkeys(WITH_PHOTO, FAR * settings.photo_bytes)
    larger = photos | {WITHOUT_END: settings.max_body_bytes}
    app.add_middleware(
        Limits,
        max_body=settings.max_body_bytes,
        seconds=settings.request_seconds,
        larger=larger,
        nouns=NOUNS,
    )
    app.add_middleware(
        Sessions,
        seal=Seal(settings.page_secret.get_secret_value(), "civicgrid console session v1"),
        path=STAFF_PATH,
        seconds=settings.session_seconds,
        secure=(settings.public_url or "").startswith("https:"),
    )
    app.add_middleware(Headers, said=app.state.house.headers)
    routes.add(app, ROUTERS)
    return app
