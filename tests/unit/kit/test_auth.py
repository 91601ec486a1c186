"""Tokens are validated whole: signature, algorithm, issuer, audience, time."""

import time
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest

from service_kit.auth.issuer import Issuer, TokenRequest
from service_kit.auth.verifier import Verifier
from service_kit.errors import Unauthenticated

ISSUER = Issuer("issuer")


@pytest.fixture
def verifier(monkeypatch: pytest.MonkeyPatch) -> Verifier:
    made = Verifier("http://unused", "issuer", "intake")

    async def fetch() -> None:
        made._keys = {str(key.key_id): key for key in jwt.PyJWKSet.from_dict(ISSUER.jwks()).keys}

    monkeypatch.setattr(made, "_fetch", fetch)
    return made


def _token(issuer: Issuer = ISSUER, **claims: Any) -> str:
    request: dict[str, Any] = {"sub": "p-1", "audience": ["intake"], "scope": "a b"} | claims
    return issuer.issue(TokenRequest(**request)).access_token


def _forged(claims: dict[str, Any], **header: Any) -> str:
    body: dict[str, Any] = jwt.decode(_token(), options={"verify_signature": False})
    key = header.pop("key", "secret " * 10)
    return jwt.encode(body | claims, key, headers={"kid": ISSUER.kid}, **header)


async def test_a_good_token_says_who_and_what_for(verifier: Verifier) -> None:
    principal = await verifier.principal(_token(kind="department", department="water-affairs"))

    assert (principal.id, principal.kind) == ("p-1", "department")
    assert principal.department == "water-affairs"
    assert principal.may("a")
    assert not principal.may("c")


@pytest.mark.parametrize(
    "token",
    [
        "not a token",
        _token(audience=["dispatch"]),
        _token(Issuer("issuer")),
        _forged({}, algorithm="HS256"),
        _forged({}, algorithm="none", key=None),
        _forged({"aud": "intake"}, algorithm="HS512"),
    ],
    ids=["no JWT", "other audience", "other key", "HS256", "none", "HS512"],
)
async def test_a_bad_token_is_refused(verifier: Verifier, token: str) -> None:
    with pytest.raises(Unauthenticated):
        await verifier.principal(token)


async def test_another_issuers_name_is_refused(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ISSUER, "name", "somebody")

    with pytest.raises(Unauthenticated, match="issuer"):
        await verifier.principal(_token())


async def test_a_token_ends_also_when_it_is_remembered(
    verifier: Verifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = _token(seconds=60)
    await verifier.principal(token)
    future = time.time() + 120
    monkeypatch.setattr("service_kit.auth.verifier.time.time", lambda: future)
    monkeypatch.setattr("jwt.api_jwt.datetime", _Later)

    with pytest.raises(Unauthenticated, match="expired"):
        await verifier.principal(token)


class _Later:
    """PyJWT's clock, two minutes on."""

    @staticmethod
    def now(tz: Any = None) -> Any:
        return datetime.now(tz) + timedelta(seconds=120)
