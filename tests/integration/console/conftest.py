"""Console asking the real intake, which runs on the twin of the bus and a real store."""

from collections.abc import AsyncIterator

import httpx
import pytest

from console.main import Lines, build
from console.settings import ConsoleSettings
from tests.integration.intake.conftest import _rules, duplicates, empty, intake, settings
from tests.support import small_district
from tests.support.twin import Twin

__all__ = ["_rules", "duplicates", "empty", "intake", "settings"]
SECRET = "a-secret-of-the-pages-for-tests"
HERE, DISPATCH = "http://service", "http://dispatch"
STATEMENT = "statement:3f2b8c1e-5a0d-5e7b-9c11-0a1b2c3d4e5f"
ANSWER = "已更换井盖 <b>。"


def registry(request: httpx.Request) -> httpx.Response:
    """The registry's export of the small district."""
    level = request.url.params["level"]
    rows = [grid for grid in small_district.GRIDS if grid.level == level]
    features = [
        {
            "type": "Feature",
            "geometry": grid.geometry,
            "properties": {
                "grid": grid.grid, "level": grid.level, "parent": grid.parent, "households": 9,
                "name_zh": grid.name.zh, "name_en": grid.name.en,
            },
        }
        for grid in rows
    ]  # fmt: skip
    return httpx.Response(200, json={"type": "FeatureCollection", "features": features})


def dispatch(request: httpx.Request) -> httpx.Response:
    """What dispatch says to who has the reference of an answer; of others there is none."""
    if request.url.path == f"/answers/{STATEMENT}":
        return httpx.Response(200, json={"statement": STATEMENT, "words": ANSWER})
    return httpx.Response(410, json={"code": "erased"})


@pytest.fixture
async def pages(intake: Twin) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without scripts."""
    console = ConsoleSettings.model_validate(
        {
            "peers": {"intake": HERE, "registry": HERE, "dispatch": DISPATCH},
            "page_secret": SECRET,
            "token_url": f"{HERE}/token",
            "client_secret": SECRET,
            "public_url": "https://pages.example.org",
            "map_levels": "district,unit",
        }
    )
    services = httpx.AsyncClient(
        transport=httpx.ASGITransport(intake.app),
        mounts={DISPATCH: httpx.MockTransport(dispatch)},
    )
    outlines = httpx.AsyncClient(transport=httpx.MockTransport(registry))
    transport = httpx.ASGITransport(build(console, Lines(services, outlines)))
    async with httpx.AsyncClient(
        transport=transport, base_url="http://pages", follow_redirects=True
    ) as found:
        yield found
    await services.aclose()
    await outlines.aclose()
