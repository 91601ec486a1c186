"""A request of somebody who is logged in: who they are, and the services asked in their name."""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.responses import HTMLResponse

from console.adapters.asking import Peer
from console.adapters.login import Entered
from console.adapters.pages import Reader
from console.api import forms
from console.domain.names import Spoken
from console.domain.person import AT, Area, Person
from console.domain.queues import Queue
from console.house import House, forwarded, house_of

SAFE = ("GET", "HEAD")
KEY = "staff"


class NotSignedIn(Exception):
    """Nobody is logged in, or no longer."""


@dataclass(frozen=True)
class Staff:
    """``csrf`` has to come back with every form (a field ``csrf``, or ``X-CSRF-Token``)."""

    person: Person
    token: str
    until: int
    csrf: str
    house: House
    forwarded: str

    async def show(
        self,
        request: Request,
        name: str,
        area: Area | None,
        given: Mapping[str, Any],
        status: int = 200,
    ) -> HTMLResponse:
        """A page of these; templates call codes by their names with ``named``."""
        names = await self.house.directory.names()
        await self.house.territory.fresh()
        spoken = Spoken(names, Reader.of(request).language)
        own = {"staff": self, "area": area, "named": spoken, "ways": AT}
        return self.house.pages.show(request, name, {**own, **given}, status)

    def peer(self, service: str) -> Peer:
        """A service, asked with this person's own token: what they may see is for it to say."""
        base = self.house.peers[service]
        return Peer(self.house.staff_line, base, self.forwarded, self.token)


def enter(request: Request, entered: Entered) -> None:
    """Begin a session; whatever was in it before is gone."""
    request.session.clear()
    request.session[KEY] = {
        "person": entered.person.as_kept(),
        "token": entered.token,
        "until": entered.until,
        "csrf": secrets.token_urlsafe(24),
    }


def signed_in(request: Request) -> Staff | None:
    kept: dict[str, Any] | None = request.session.get(KEY)
    if kept is None or kept["until"] <= time.time():
        return None
    person = Person.of_kept(kept["person"])
    where = house_of(request), forwarded(request)
    return Staff(person, kept["token"], kept["until"], kept["csrf"], *where)


async def signed(request: Request) -> Staff:
    """Who is logged in; for anything but reading, with the session's own word in the form, so that
    no other site can send one in their name. Raises NotSignedIn."""
    staff = signed_in(request)
    if staff is None:
        raise NotSignedIn
    if request.method not in SAFE and not await _own_form(request, staff):
        raise HTTPException(403, "csrf")
    request.state.staff = staff
    return staff


async def _own_form(request: Request, staff: Staff) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    said = request.headers.get("x-csrf-token")
    if said is None and _is_form(request.headers.get("content-type", "")):
        said = str((await forms.of_staff(request)).fields.get("csrf", ""))
    return said is not None and secrets.compare_digest(said.encode(), staff.csrf.encode())


def _is_form(kind: str) -> bool:
    return kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data"))


def of_area(area: Area) -> Callable[[Request], Awaitable[Staff]]:
    """A dependency: somebody for whom these pages are there, else 403."""
    return _somebody(lambda person: area in person.areas)


def of_queue(queue: Queue) -> Callable[[Request], Awaitable[Staff]]:
    """A dependency: somebody who decides what is in that queue, else 403."""
    return _somebody(lambda person: queue in person.queues)


def _somebody(fits: Callable[[Person], bool]) -> Callable[[Request], Awaitable[Staff]]:
    async def wanted(request: Request) -> Staff:
        staff = await signed(request)
        if not fits(staff.person):
            raise HTTPException(403, "not_yours")
        return staff

    return wanted


Signed = Annotated[Staff, Depends(signed)]
