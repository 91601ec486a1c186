"""Who looked into the vault, and for what: a closed list of purposes, and a trail of every look."""

from datetime import timedelta
from typing import Any

import pytest

from intake.domain.purposes import PURPOSES, Purpose
from service_kit import clock
from tests.integration.intake.rights.reporter import PHONE, Reporter, reporter
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin

Bearer = dict[str, str]


@pytest.fixture
def auditor(issuer: TestIssuer) -> Bearer:
    return issuer.bearer("p-900", "audit.read", "intake")


@pytest.fixture
async def me(intake: Twin) -> Reporter:
    return await reporter(intake, contact={"phone": PHONE})


async def look(me: Reporter, who: Bearer, purpose: str) -> Any:
    url = f"/vault/reports/{me.report}/contact"
    return await me.twin.http.get(url, params={"purpose": purpose}, headers=who)


async def trail(twin: Twin, who: Bearer, **query: Any) -> list[dict[str, Any]]:
    """All pages."""
    found, cursor = [], None
    end = {"end": (clock.now() + timedelta(minutes=1)).isoformat()}
    while True:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        answer = await twin.http.get("/vault/audit", params={**end, **query, **more}, headers=who)
        assert answer.status_code == 200, answer.text
        found += answer.json()["looks"]
        cursor = answer.json()["cursor"]
        if cursor is None:
            return found


async def test_a_look_needs_a_purpose_of_the_list(me: Reporter, service: Bearer) -> None:
    for purpose in Purpose:
        assert (await look(me, service, purpose.value)).status_code == 200
    for unknown in ("curiosity", "", "notice' or 1", "test"):
        assert (await look(me, service, unknown)).status_code == 422
    without = await me.twin.http.get(f"/vault/reports/{me.report}/contact", headers=service)
    assert without.status_code == 422
    assert PHONE not in without.text
    rows = me.twin.runtime.database["vault_audit"]
    assert await rows.count_documents({}) == len(Purpose)


async def test_staff_without_the_scope_see_nothing_whatever_the_purpose(
    me: Reporter, staff: Bearer, auditor: Bearer
) -> None:
    for who in (staff, auditor, {}):
        assert (await look(me, who, "callback")).status_code in (401, 403)


async def test_every_purpose_has_its_label(intake: Twin, service: Bearer) -> None:
    listed = (await intake.http.get("/vault/purposes", headers=service)).json()
    assert [each["purpose"] for each in listed] == [each.value for each in Purpose]
    assert set(PURPOSES) == set(Purpose)
    assert all(each["name"]["zh"] and each["name"]["en"] for each in listed)


async def test_the_trail_by_time_subject_and_actor_in_pages(
    me: Reporter, service: Bearer, auditor: Bearer, issuer: TestIssuer
) -> None:
    other = await reporter(me.twin)
    nosy = issuer.bearer("p-777", "vault.read", "intake")
    for _ in range(3):
        await look(me, service, "notice")
    await look(other, nosy, "triage")
    everything = await trail(me.twin, auditor, limit=2)
    mine = await trail(me.twin, auditor, limit=2, subject=me.report)
    theirs = await trail(me.twin, auditor, actor="p-777")

    looks = [(r["who"], r["subject"], r["purpose"]) for r in everything if r["what"] == "contact"]
    assert looks == [("service:gateway", me.report, "notice")] * 3 + [
        ("p-777", other.report, "triage")
    ]
    assert [r["purpose"] for r in mine if r["what"] == "contact"] == ["notice"] * 3
    assert [r["subject"] for r in theirs] == [other.report]
    assert [r["at"] for r in everything] == sorted(r["at"] for r in everything)
    assert PHONE not in str(everything)


async def test_a_service_says_to_whom_it_shows_words_and_the_trail_finds_them_by_it(
    me: Reporter, service: Bearer, auditor: Bearer
) -> None:
    asked = {"purpose": "handle-task", "for": "p-000301"}
    one = f"/vault/cases/{me.case}/words"
    for url, more in ((one, {}), ("/vault/words", {"case": me.case})):
        answer = await me.twin.http.get(url, params={**asked, **more}, headers=service)
        assert answer.status_code == 200, answer.text
    found = await trail(me.twin, auditor, actor="p-000301")
    assert [(r["who"], r["on_behalf_of"], r["what"], r["subject"]) for r in found] == [
        ("service:gateway", "p-000301", "words", me.case)
    ] * 2


async def test_nobody_but_a_service_looks_on_somebodys_behalf(
    me: Reporter, auditor: Bearer, issuer: TestIssuer
) -> None:
    nosy = issuer.bearer("p-777", "vault.read", "intake")
    asked = {"purpose": "verify", "for": "p-000301"}
    answer = await me.twin.http.get(f"/vault/cases/{me.case}/words", params=asked, headers=nosy)
    assert (answer.status_code, answer.json()["code"]) == (403, "no_service")
    assert await trail(me.twin, auditor, actor="p-000301") == []


async def test_looking_at_the_trail_leaves_its_own_row(intake: Twin, auditor: Bearer) -> None:
    await trail(intake, auditor)
    again = await trail(intake, auditor)
    assert [(r["who"], r["what"], r["purpose"]) for r in again][:1] == [("p-900", "audit", "audit")]


async def test_a_page_that_ends_within_a_moment_goes_on_there(
    intake: Twin, auditor: Bearer
) -> None:
    at = clock.now().replace(microsecond=0)
    row = {"who": "p-1", "kind": "staff", "what": "contact", "purpose": "notice", "at": at}
    rows = [{**row, "subject": f"report:{n}"} for n in range(7)]
    await intake.runtime.database["vault_audit"].insert_many(rows)
    found = await trail(intake, auditor, limit=3, actor="p-1")
    assert [r["subject"] for r in found] == [f"report:{n}" for n in range(7)]


@pytest.mark.parametrize(
    "query",
    [
        {"start": "2026-01-02T00:00:00Z", "end": "2026-01-01T00:00:00Z"},
        {"start": "2020-01-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"},
        {"end": "0001-01-01T00:00:00Z"},
        {"cursor": "x"},
        {"cursor": "2026-01-01T00:00:00|1"},
        {"subject": "a b"},
        {"limit": "501"},
    ],
)
async def test_what_cannot_be_asked(intake: Twin, auditor: Bearer, query: dict[str, str]) -> None:
    answer = await intake.http.get("/vault/audit", params=query, headers=auditor)
    assert answer.status_code == 422


async def test_the_trail_needs_a_scope_of_its_own(intake: Twin, service: Bearer) -> None:
    assert (await intake.http.get("/vault/audit", headers=service)).status_code == 403
