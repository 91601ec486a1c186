"""Logging in at the development issuer as its page does it, without a browser."""

from urllib.parse import parse_qs, urlsplit

import httpx

from service_kit.auth.issuer_codes import challenge_of

BACK = "http://127.0.0.1:8110/staff/callback"
CLIENT, SECRET = "civicgrid-console", "the pages' own secret"
VERIFIER = "a-verifier-that-is-long-enough-for-rfc-7636-to-take"
ASKED = {
    "response_type": "code",
    "client_id": CLIENT,
    "redirect_uri": BACK,
    "scope": "openid profile",
    "state": "of this browser",
    "nonce": "of this login",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


async def code_of(issuer: httpx.AsyncClient, person: str, **changes: str) -> str:
    """The code with which the browser is sent back after ``person`` was chosen."""
    answer = await issuer.post("/authorize", data=ASKED | {"person": person} | changes)
    assert answer.status_code == 303, answer.text
    return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]


async def exchanged(issuer: httpx.AsyncClient, code: str, **changes: str) -> httpx.Response:
    """What the issuer answers to a code."""
    form = {
        "grant_type": "authorization_code",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }
    return await issuer.post("/oauth/token", data=form | changes)
