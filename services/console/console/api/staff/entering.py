"""Logging in and out, and the way to the pages of one's day."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from console.adapters.login import Login
from console.adapters.pages import Reader
from console.domain.person import AT
from console.house import house_of
from console.staff import Signed, enter, signed_in

router = APIRouter(prefix="/staff", tags=["staff"])
BACK = "back"


@router.get("", response_class=Response)
async def home(request: Request, staff: Signed) -> Response:
    """On to the pages of one's day; where none are there for this person, why."""
    if staff.person.areas:
        return RedirectResponse(Reader.of(request).link(AT[staff.person.areas[0]]), 303)
    return await staff.show(request, "staff/nothing.html", None, {}, 403)


@router.get("/login", response_class=Response)
async def begin(request: Request, back: str = "/staff") -> Response:
    """To the district's login, and afterwards ``back``; whoever is logged in already goes there."""
    login = _login(request)
    if signed_in(request) is not None:
        return RedirectResponse(_own(back), 303)
    request.session.clear()
    request.session[BACK] = _own(back)
    return await login.begin(request, f"{_outside(request)}/staff/callback")


@router.get("/callback", response_class=Response)
async def finish(request: Request) -> Response:
    """Where the district's login sends people back to."""
    entered = await _login(request).finish(request)
    back = request.session.get(BACK, "/staff")
    enter(request, entered)
    return RedirectResponse(back, 303)


@router.post("/logout", response_class=Response)
async def leave(request: Request, staff: Signed) -> Response:
    """End the session in this browser; the next login asks again who one is."""
    request.session.clear()
    return RedirectResponse(Reader.of(request).link("/"), 303)


def _login(request: Request) -> Login:
    login = house_of(request).login
    if login is None:
        raise HTTPException(404, "no_login")
    return login


def _outside(request: Request) -> str:
    """Where people find us, as the issuer knows it."""
    return (house_of(request).settings.public_url or str(request.base_url)).rstrip("/")


def _own(path: str) -> str:
    """A way on that stays here: a path of the staff's pages, else the first of them."""
    plain = path.startswith("/staff") and "//" not in path and "\\" not in path
    return path if plain and path.isprintable() else "/staff"
