"""Intake's limits: by address, token and channel, on guesses, on pages and on deep bodies."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from tests.integration.intake.conftest import load
from tests.support.small_district import IN_WEST, MANHOLE
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin, running

REPORT = {"channel": "web", "matter": MANHOLE, "point": IN_WEST, "text": "canary"}


@pytest.fixture
async def limited(settings: dict[str, Any]) -> AsyncIterator[Twin]:
    rates = {
        "rate_address": "20/hour", "rate_failures": "3/hour", "rate_token": "5/hour",
        "rate_channel": "web=4/hour", "trusted_proxies": "127.0.0.1",
    }  # fmt: skip
    found = IntakeSettings(**{**settings, **rates})
    async with running("intake", lambda edges: build(found, edges), SUBSCRIPTIONS) as twin:
        await load(twin)
        yield twin


def by(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def statuses(twin: Twin, count: int, method: str, path: str, **request: Any) -> list[int]:
    return [(await twin.http.request(method, path, **request)).status_code for _ in range(count)]


async def test_a_channel_is_limited_whoever_reports(limited: Twin) -> None:
    found = []
    for number in range(6):
        headers = by(f"203.0.113.{number}")
        found += await statuses(limited, 1, "POST", "/reports", json=REPORT, headers=headers)

    assert found == [202] * 4 + [429] * 2
    assert await limited.runtime.database["vault"].count_documents({}) == 4


async def test_an_address_is_limited_before_its_token_is_looked_at(limited: Twin) -> None:
    headers = {**by("203.0.113.1"), "Authorization": "Bearer nonsense"}
    assert await statuses(limited, 22, "GET", "/imports", headers=headers) == [401] * 20 + [429] * 2
    assert await statuses(limited, 1, "GET", "/imports", headers=by("203.0.113.2")) == [401]


async def test_a_token_is_limited(limited: Twin, issuer: TestIssuer) -> None:
    one, other = (issuer.bearer(who, "reports.import", "intake") for who in ("p-1", "p-2"))
    assert await statuses(limited, 6, "GET", "/imports", headers=one) == [200] * 5 + [429]
    assert await statuses(limited, 1, "GET", "/imports", headers=other) == [200]


async def test_receipts_cannot_be_guessed_for_long(limited: Twin) -> None:
    answer = await limited.http.post("/reports", json=REPORT, headers=by("203.0.113.9"))
    receipt = answer.json()["receipt"]

    guesser = by("203.0.113.1")
    path = "/track/7KQ2M9WXCB4TH"
    assert await statuses(limited, 4, "GET", path, headers=guesser) == [404] * 3 + [429]
    assert await statuses(limited, 1, "GET", f"/track/{receipt}", headers=guesser) == [429]
    reporter = by("203.0.113.9")
    assert await statuses(limited, 5, "GET", f"/track/{receipt}", headers=reporter) == [200] * 5


async def test_no_address_is_stored_or_logged(
    limited: Twin, capsys: pytest.CaptureFixture[str]
) -> None:
    await statuses(limited, 25, "POST", "/reports", json=REPORT, headers=by("198.51.100.77"))

    stored = []
    for name in await limited.runtime.database.list_collection_names():
        stored += [str(row) async for row in limited.runtime.database[name].find({})]
    assert "198.51.100.77" not in "".join(stored) + "".join(capsys.readouterr())


@pytest.mark.parametrize("path", ["/reports", "/imports", "/patrol/batches"])
async def test_a_deep_body_is_refused(intake: Twin, issuer: TestIssuer, path: str) -> None:
    headers = issuer.bearer("p-1", "history.import reports.staff", "intake")
    deep = b'{"lines":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    headers["Content-Type"] = "application/json"

    answer = await intake.http.post(path, content=deep, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (422, "too_deep")


async def test_every_page_has_its_cap_and_every_operation_its_429(intake: Twin) -> None:
    document = (await intake.http.get("/openapi.json")).json()
    capped = 0
    for path, item in document["paths"].items():
        for operation in item.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] in ("limit", "page_size"):
                    most = 1000 if path.startswith("/open311/") else 500  # Open311 says so
                    assert parameter["schema"]["maximum"] <= most, path
                    capped += 1
            assert "429" in operation["responses"], path
    assert capped >= 2
