"""The field pages as an app on a phone: manifest, service worker, and the page shown without a
network. Nothing here is about anybody, so that no login is needed."""

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.adapters.pages import TAGS, Reader
from console.domain.app_shell import ICONS, NAMES, SCOPE, Shell, manifest
from console.house import House, house_of
from service_kit.language import LANGUAGES

router = APIRouter(prefix="/staff/field", tags=["field"])
AWAY = "/staff/field/away"
WORKER = "field_sw.js"
FRESH = {"Cache-Control": "no-cache"}


@router.get("/app.webmanifest", response_class=Response)
async def app(request: Request) -> Response:
    """How the pages are installed."""
    house, reader = house_of(request), Reader.of(request)
    labels = house.pages.labels(reader.language)
    said = manifest(
        labels("field.app"),
        labels("area.field"),
        TAGS[reader.language],
        reader.link(SCOPE),
        {sizes: house.files.url(name) for name, sizes in ICONS.items()},
    )
    return Response(orjson.dumps(said), 200, FRESH, "application/manifest+json")


@router.get("/sw.js", response_class=Response)
async def service_worker(request: Request) -> Response:
    """The service worker, told which files to keep."""
    house = house_of(request)
    said = orjson.dumps(_shell(house).said())
    source = house.files.body(WORKER)
    headers = {**FRESH, "Service-Worker-Allowed": SCOPE}
    return Response(b"const SHELL = " + said + b";\n" + source, 200, headers, "text/javascript")


@router.get("/away", response_class=Response)
async def away(request: Request) -> Response:
    """What is shown without a network in place of a page that was not kept."""
    return house_of(request).pages.show(request, "staff/field_away.html", {})


def _shell(house: House) -> Shell:
    files = [house.files.url(name) for name in NAMES]
    return Shell(files, {each: f"{AWAY}?lang={each}" for each in LANGUAGES})
