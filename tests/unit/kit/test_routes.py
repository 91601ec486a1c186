"""Routers put together: each route once, in order, and answering."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from service_kit.http import routes


def _router(*paths: str) -> APIRouter:
    router = APIRouter()
    for path in paths:
        router.add_api_route(path, lambda here=path: here)
    return router


@pytest.fixture
def routers() -> list[APIRouter]:
    inner = routes.joined([_router("/cases/open"), _router("/cases/{case}", "/cases/{case}/acts")])
    return [inner, _router("/reports")]


def test_each_route_is_built_once(routers: list[APIRouter]) -> None:
    app = FastAPI(openapi_url=None)
    routes.add(app, routers)
    assert app.router.routes == [route for router in routers for route in router.routes]
    assert len(app.router.routes) == 4


async def test_they_answer_the_first_that_fits_first(routers: list[APIRouter]) -> None:
    app = FastAPI()
    routes.add(app, routers)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://service"
    ) as http:
        answers = [(await http.get(path)).json() for path in ("/cases/open", "/reports")]
        unknown = await http.get("/cases")
        described = (await http.get("/openapi.json")).json()["paths"]
    assert (answers, unknown.status_code) == (["/cases/open", "/reports"], 404)
    assert list(described) == ["/cases/open", "/cases/{case}", "/cases/{case}/acts", "/reports"]


def test_nouns_are_the_first_words(routers: list[APIRouter]) -> None:
    assert routes.nouns(routers) == {"cases", "reports"}
