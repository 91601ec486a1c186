"""Logging in at the development issuer: as a person of the file and nobody else, back to the
registered address and nowhere else, with a code that is good once."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service_kit.auth.issuer import Issuer, Login, create_app, login_of
from service_kit.auth.issuer_codes import CODE_SECONDS, Codes
from service_kit.auth.issuer_oidc import Client
from tests.support.login import ASKED, BACK, CLIENT, SECRET, VERIFIER, code_of, exchanged

URL = "http://127.0.0.1:8100"
ISSUER = Issuer(URL)
WORKER = {
    "id": "p-000017",
    "kind": "staff",
    "scope": "cases.verify visits.write",
    "name": {"zh": "网格员", "en": "Grid worker"},
    "place": {"zh": "一号网格", "en": "Grid <one>"},
}
PARKS = WORKER | {
    "id": "staff-of-parks",
    "kind": "department",
    "scope": "department",
    "department": "parks",
    "name": {"zh": "园林局", "en": "Parks"},
}


class Time:
    now = 1000.0


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.json"
    _write(file, WORKER, PARKS)
    return file


def _write(file: Path, *people: dict[str, Any]) -> None:
    """The file with these people; without any there is no file."""
    if people:
        file.write_text(json.dumps(people))
    else:
        file.unlink()


@pytest.fixture
async def issuer(people: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with _served(people) as found:
        yield found


def _served(people: Path | None, codes: Codes | None = None) -> httpx.AsyncClient:
    client = Client(client=CLIENT, secret=SECRET, redirects=[BACK], audience=["intake", "dispatch"])
    login = Login(ISSUER, client, people, codes or Codes())
    app = create_app(ISSUER, "the issuer's own secret", login=login)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL)


def _claims(token: str, audience: str) -> dict[str, Any]:
    key = jwt.PyJWKSet.from_dict(ISSUER.jwks()).keys[0]
    found: dict[str, Any] = jwt.decode(
        token, key, algorithms=["EdDSA"], audience=audience, issuer=URL
    )
    return found


async def test_the_way_of_a_person_from_the_page_to_their_tokens(
    issuer: httpx.AsyncClient,
) -> None:
    page = await issuer.get("/authorize", params=ASKED, headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "anybody can be anybody" in page.text
    assert 'value="p-000017"' in page.text
    assert "Grid &lt;one&gt;" in page.text

    answer = await issuer.post("/authorize", data=ASKED | {"person": "p-000017"})
    where = urlsplit(answer.headers["location"])
    said = {name: values[0] for name, values in parse_qs(where.query).items()}
    assert f"{where.scheme}://{where.netloc}{where.path}" == BACK
    assert (said["state"], said["iss"]) == (ASKED["state"], URL)

    tokens = await exchanged(issuer, said["code"])
    assert tokens.headers["cache-control"] == "no-store"
    granted = tokens.json()
    assert (granted["token_type"], granted["expires_in"]) == ("Bearer", 3600)
    access = _claims(granted["access_token"], "dispatch")
    assert (access["sub"], access["kind"]) == ("p-000017", "staff")
    assert (access["scope"], access["aud"]) == (WORKER["scope"], ["intake", "dispatch"])
    assert "department" not in access
    identity = _claims(granted["id_token"], CLIENT)
    assert (identity["sub"], identity["aud"]) == ("p-000017", CLIENT)
    assert (identity["nonce"], identity["name"]) == (ASKED["nonce"], "网格员")


async def test_somebody_of_a_department_acts_for_it(issuer: httpx.AsyncClient) -> None:
    code = await code_of(issuer, "staff-of-parks", ui_locales="en")
    granted = (await exchanged(issuer, code)).json()
    claims = _claims(granted["access_token"], "intake")
    assert (claims["kind"], claims["department"]) == ("department", "parks")
    assert _claims(granted["id_token"], CLIENT)["name"] == "Parks"


async def test_a_code_is_good_once(issuer: httpx.AsyncClient) -> None:
    code = await code_of(issuer, "p-000017")
    assert (await exchanged(issuer, code)).status_code == 200
    again = await exchanged(issuer, code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"code_verifier": VERIFIER + "x"},
        {"code_verifier": ""},
        {"redirect_uri": BACK + "/"},
        {"code": "guessed"},
    ],
    ids=["other verifier", "no verifier", "other address", "other code"],
)
async def test_a_code_is_good_for_whoever_asked_for_it(
    issuer: httpx.AsyncClient, wrong: dict[str, str]
) -> None:
    answer = await exchanged(issuer, **{"code": await code_of(issuer, "p-000017")} | wrong)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_grant"})


@pytest.mark.parametrize(("client", "secret"), [(CLIENT, "wrong"), ("other", SECRET), ("", "")])
async def test_another_client_gets_nothing_and_uses_no_code(
    issuer: httpx.AsyncClient, client: str, secret: str
) -> None:
    code = await code_of(issuer, "p-000017")
    answer = await exchanged(issuer, code, client_id=client, client_secret=secret)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    assert (await exchanged(issuer, code)).status_code == 200


async def test_a_code_is_good_for_a_minute(people: Path) -> None:
    time = Time()
    async with _served(people, Codes(lambda: time.now)) as issuer:
        code = await code_of(issuer, "p-000017")
        time.now += CODE_SECONDS
        assert (await exchanged(issuer, code)).status_code == 400


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"client_id": "other"}, "not registered here"),
        ({"redirect_uri": "https://elsewhere.example.org/"}, "nobody is sent there"),
        ({"redirect_uri": BACK + "?more"}, "nobody is sent there"),
        ({"response_type": "token"}, "response_type: code"),
        ({"scope": "profile"}, "scope: openid"),
        ({"code_challenge": ""}, "code_challenge"),
        ({"code_challenge_method": "plain"}, "code_challenge_method: S256"),
    ],
)
async def test_a_wrong_request_is_said_and_leads_nowhere(
    issuer: httpx.AsyncClient, wrong: dict[str, str], said: str
) -> None:
    asked = ASKED | wrong | {"ui_locales": "en"}
    for answer in (
        await issuer.get("/authorize", params=asked),
        await issuer.post("/authorize", data=asked | {"person": "p-000017"}),
    ):
        assert answer.status_code == 400
        assert said in answer.text
        assert "location" not in answer.headers


@given(person=st.text(max_size=30).filter(lambda each: each not in ("p-000017", PARKS["id"])))
async def test_nobody_but_the_people_of_the_file(
    person: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "people-of-the-file.json"
    _write(file, WORKER, PARKS)
    async with _served(file) as issuer:
        answer = await issuer.post("/authorize", data=ASKED | {"person": person})
    assert answer.status_code == 400


async def test_the_file_is_read_anew(people: Path) -> None:
    _write(people)
    async with _served(people) as issuer:
        page = await issuer.get("/authorize", params=ASKED)
        assert "还没有载入网格数据" in page.text
        _write(people, WORKER)
        assert 'value="p-000017"' in (await issuer.get("/authorize", params=ASKED)).text


async def test_the_page_runs_nothing_and_its_form_leads_back_alone(
    issuer: httpx.AsyncClient,
) -> None:
    page = await issuer.get("/authorize", params=ASKED)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8110;" in policy
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert (await issuer.get("/issuer.css")).headers["content-type"].startswith("text/css")


async def test_discovery_says_where_everything_is(issuer: httpx.AsyncClient) -> None:
    said = (await issuer.get("/.well-known/openid-configuration")).json()
    assert said["issuer"] == URL
    assert said["token_endpoint"] == f"{URL}/oauth/token"
    assert (await issuer.get(said["jwks_uri"].removeprefix(URL))).json() == ISSUER.jwks()
    assert said["code_challenge_methods_supported"] == ["S256"]


async def test_without_pages_nobody_logs_in() -> None:
    app = create_app(ISSUER, "the issuer's own secret")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as issuer:
        assert (await issuer.get("/authorize", params=ASKED)).status_code == 404
        answer = await exchanged(issuer, "guessed")
    assert answer.json() == {"error": "unsupported_grant_type"}


def test_people_log_in_only_where_the_issuers_name_is_its_url(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pages = {"client": CLIENT, "secret": SECRET, "redirects": [BACK], "audience": ["intake"]}
    monkeypatch.setenv("CIVICGRID_ISSUER_PAGES", json.dumps(pages))
    with pytest.raises(SystemExit, match="CIVICGRID_ISSUER"):
        login_of(Issuer("civicgrid-dev"))
    assert login_of(ISSUER)
