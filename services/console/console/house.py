"""All that the routes need, wired once."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from fastapi import Request

from console.adapters.directory import Directory
from console.adapters.dispatch import Dispatch
from console.adapters.files import Files
from console.adapters.intake import Intake
from console.adapters.ledgers import Ledgers
from console.adapters.live_hub import Hub
from console.adapters.login import Login
from console.adapters.offer import Offer
from console.adapters.pages import Pages
from console.adapters.passes import Passes
from console.adapters.territory import Territory
from console.settings import ConsoleSettings


@dataclass
class House:
    """``request.app.state.house``. ``login`` is None where no provider is set: then there are only
    the pages of residents. ``peers`` are the services' addresses, ``staff_line`` how they are asked
    with a person's own token."""

    settings: ConsoleSettings
    files: Files
    pages: Pages
    passes: Passes
    intake: Intake
    offer: Offer
    dispatch: Dispatch
    territory: Territory
    headers: dict[str, str]
    directory: Directory
    login: Login | None
    peers: Mapping[str, str]
    staff_line: httpx.AsyncClient
    ledgers: Ledgers
    hub: Hub


def house_of(request: Request) -> House:
    found: House = request.app.state.house
    return found


def intake_for(request: Request) -> Intake:
    """Intake, asked for whoever asks us."""
    return house_of(request).intake.for_reader(forwarded(request))


def dispatch_for(request: Request) -> Dispatch:
    return house_of(request).dispatch.for_reader(forwarded(request))


def forwarded(request: Request) -> str:
    """Every address that this request came through, the last one last; whom to believe is for the
    service to say whose limits count them."""
    peer = request.client.host if request.client else ""
    return ", ".join([*request.headers.getlist("x-forwarded-for"), peer])
