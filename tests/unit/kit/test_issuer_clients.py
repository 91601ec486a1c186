"""A department's program gets its tokens by a secret of its own, and no other's."""

import base64
import json
from pathlib import Path

import httpx
import jwt
import pytest

from service_kit.auth.issuer import Issuer, create_app
from service_kit.auth.issuer_clients import hashed

PARKS = {"client_id": "department:parks", "client_secret": "new"}
GRANT = {"grant_type": "client_credentials"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "clients.json"
    client = {"department": "parks", "secrets": [hashed("new"), hashed("old")]}
    found.write_text(json.dumps({"department:parks": client}))
    return found


@pytest.fixture
def issuer(file: Path) -> httpx.AsyncClient:
    app = create_app(Issuer("issuer"), "the issuer's own secret", file)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://issuer")


async def test_the_token_is_the_departments_and_nothing_that_is_asked_widens_it(
    issuer: httpx.AsyncClient,
) -> None:
    asked = GRANT | PARKS | {"scope": "operate", "audience": "intake", "department": "water"}
    answer = await issuer.post("/oauth/token", data=asked)
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert (claims["kind"], claims["department"]) == ("department", "parks")
    assert (claims["scope"], claims["aud"]) == ("department", ["gateway", "dispatch"])


@pytest.mark.parametrize(
    ("secret", "status"), [("new", 200), ("old", 200), ("older", 401), ("", 401)]
)
async def test_a_secret_counts_until_it_is_ended(
    issuer: httpx.AsyncClient, secret: str, status: int
) -> None:
    answer = await issuer.post("/oauth/token", data=GRANT | PARKS | {"client_secret": secret})
    assert answer.status_code == status


async def test_the_header_is_as_good_as_the_form_and_nonsense_is_refused(
    issuer: httpx.AsyncClient,
) -> None:
    login = base64.b64encode(b"department%3Aparks:new").decode()
    for header, status in ((f"Basic {login}", 200), ("Basic ???", 401), ("Bearer x", 401)):
        answer = await issuer.post("/oauth/token", data=GRANT, headers={"Authorization": header})
        assert answer.status_code == status
    assert (await issuer.post("/oauth/token", data=PARKS)).status_code == 400


async def test_without_clients_nobody_gets_a_token() -> None:
    app = create_app(Issuer("issuer"), "the issuer's own secret")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://i") as http:
        assert (await http.post("/oauth/token", data=GRANT | PARKS)).status_code == 401
