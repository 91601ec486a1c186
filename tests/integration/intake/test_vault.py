"""What people said stays in the vault: nowhere else, never in clear, and not after erasing."""

import base64
import os
from typing import Any

import bson
import orjson
import pytest

from case_contracts.events.intake import CaseOpened
from intake.main import build
from intake.settings import IntakeSettings
from intake.subscriptions import SUBSCRIPTIONS
from service_kit.store.codec import digest
from tests.integration.intake.conftest import load
from tests.support.small_district import MANHOLE
from tests.support.stored import all_commits
from tests.support.twin import Twin, eventually, running

TEXT, EMAIL, PHONE = "canary 金丝雀 in the coal mine", "canary@example.org", "+8613800138000"
EXACT = {"lon": 113.6021234, "lat": 34.7021234}
REPORT: dict[str, Any] = {
    "matter": MANHOLE,
    "point": EXACT,
    "text": TEXT,
    "contact": {"email": EMAIL, "phone": PHONE},
}
CANARIES = [w.encode() for w in (TEXT, EMAIL, PHONE, "113.6021234", "34.7021234")]
ASKED = "?purpose=retention"
NO_EVIDENCE: dict[str, Any] = {"attachments": [], "withheld": 0}


async def reported(twin: Twin) -> dict[str, Any]:
    """Post the canary and wait for its case."""
    before = len(twin.published(CaseOpened))
    answer = await twin.http.post("/reports", json=REPORT)
    assert answer.status_code == 202
    await eventually(lambda: len(twin.published(CaseOpened)) > before)
    accepted: dict[str, Any] = answer.json()
    return accepted


async def dump(twin: Twin) -> dict[str, bytes]:
    """Every collection as bytes: BSON, and JSON too, so that no spelling of a number hides."""
    database = twin.runtime.database
    found = {}
    for name in await database.list_collection_names():
        rows = await database[name].find({}).to_list(None)
        plain = orjson.dumps(rows, default=str)
        found[name] = b"".join(bson.encode(row) for row in rows) + plain
    return found


async def test_words_contact_and_exact_place_are_nowhere_in_clear(
    intake: Twin, capfd: pytest.CaptureFixture[str]
) -> None:
    accepted = await reported(intake)

    stored = await dump(intake)
    assert {"vault", "commits", "view_report"} <= set(stored)
    messages = b"".join(e.model_dump_json().encode() for e in intake.publisher.envelopes)
    logged = "".join(capfd.readouterr()).encode()
    for place, content in {**stored, "messages": messages, "logs": logged}.items():
        found = [c for c in (*CANARIES, accepted["receipt"].encode()) if c in content]
        assert not found, f"{found} in {place}"


async def test_services_read_it_for_a_purpose(intake: Twin, service: dict[str, str]) -> None:
    accepted = await reported(intake)

    contact = await intake.http.get(
        f"/vault/reports/{accepted['report']}/contact?purpose=notice", headers=service
    )
    words = await intake.http.get(
        f"/vault/cases/{accepted['case']}/words?purpose=handle-task", headers=service
    )

    receipt = accepted["receipt"]
    assert contact.json() == {"email": EMAIL, "phone": PHONE, "receipt": receipt, "language": "zh"}
    assert words.json() == {
        "case": accepted["case"], "text": TEXT, "point": EXACT, "language": "zh", **NO_EVIDENCE
    }  # fmt: skip
    rows = await intake.runtime.database["vault_audit"].find({}).to_list(None)
    assert [(r["who"], r["what"], r["subject"], r["purpose"]) for r in rows] == [
        ("service:gateway", "contact", accepted["report"], "notice"),
        ("service:gateway", "words", accepted["case"], "handle-task"),
    ]


async def test_words_of_several_cases_come_at_once_without_what_is_gone(
    intake: Twin, service: dict[str, str]
) -> None:
    kept, erased = await reported(intake), await reported(intake)
    await intake.http.delete(f"/vault/cases/{erased['case']}/key{ASKED}", headers=service)
    cases = [kept["case"], erased["case"], "case:none"]
    words = await intake.http.get(
        "/vault/words", params={"purpose": "handle-task", "case": cases}, headers=service
    )
    assert words.json() == [
        {"case": kept["case"], "text": TEXT, "point": EXACT, "language": "zh", **NO_EVIDENCE}
    ]
    audit = intake.runtime.database["vault_audit"].find({"purpose": "handle-task"})
    assert [row["subject"] async for row in audit] == cases


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/vault/reports/{report}/contact", 422),
        ("/vault/reports/{report}/contact?purpose=a b", 422),
        ("/vault/reports/report:none/contact?purpose=retention", 404),
        ("/vault/cases/case:none/words?purpose=retention", 404),
        ("/vault/receipts/AAAAAAAAAAAAA", 404),
    ],
)
async def test_the_vault_says_no(
    intake: Twin, service: dict[str, str], path: str, status: int
) -> None:
    accepted = await reported(intake)
    answer = await intake.http.get(path.format(**accepted), headers=service)

    assert answer.status_code == status


async def test_the_vault_needs_its_scope(
    intake: Twin, staff: dict[str, str], historian: dict[str, str]
) -> None:
    accepted = await reported(intake)
    path = f"/vault/cases/{accepted['case']}/words{ASKED}"

    assert (await intake.http.get(path)).status_code == 401
    assert (await intake.http.get(path, headers=staff)).status_code == 403
    key = f"/vault/cases/{accepted['case']}/key{ASKED}"
    assert (await intake.http.delete(key, headers=historian)).status_code == 403


async def test_a_receipt_leads_to_its_report(intake: Twin, service: dict[str, str]) -> None:
    accepted = await reported(intake)
    spoken = f"{accepted['receipt'][:6].lower()}-{accepted['receipt'][6:]}"
    answer = await intake.http.get(f"/vault/receipts/{spoken}", headers=service)

    assert answer.json() == {"report": accepted["report"], "case": accepted["case"]}


async def test_erased_means_gone_and_the_chain_still_verifies(
    intake: Twin, service: dict[str, str]
) -> None:
    erased, kept = await reported(intake), await reported(intake)
    answer = await intake.http.delete(f"/vault/cases/{erased['case']}/key{ASKED}", headers=service)

    assert answer.status_code == 204
    for path in (f"cases/{erased['case']}/words", f"reports/{erased['report']}/contact"):
        gone = await intake.http.get(f"/vault/{path}{ASKED}", headers=service)
        assert (gone.status_code, gone.json()["code"]) == (410, "erased")
    still = await intake.http.get(f"/vault/cases/{kept['case']}/words{ASKED}", headers=service)
    assert still.json()["text"] == TEXT
    for commit in await all_commits(intake.runtime.database):
        assert digest(commit) == commit["hash"]
    assert (await intake.http.get(f"/track/{erased['receipt']}")).status_code == 200


async def test_a_repeated_request_does_not_bring_back_what_was_erased(
    intake: Twin, service: dict[str, str]
) -> None:
    key = {"Idempotency-Key": "0b8e0d3c-7a1b-4b43-8d5f-35b4f1a3c2d1"}
    accepted = (await intake.http.post("/reports", json=REPORT, headers=key)).json()
    await intake.http.delete(f"/vault/cases/{accepted['case']}/key{ASKED}", headers=service)
    again = await intake.http.post("/reports", json=REPORT, headers=key)

    assert again.json() == accepted
    gone = await intake.http.get(
        f"/vault/reports/{accepted['report']}/contact{ASKED}", headers=service
    )
    assert gone.status_code == 410


async def test_erasing_what_is_not_there(intake: Twin, service: dict[str, str]) -> None:
    answer = await intake.http.delete(f"/vault/cases/case:none/key{ASKED}", headers=service)

    assert answer.status_code == 404


async def test_master_keys_rotate_without_losing_anything(
    settings: dict[str, Any], service: dict[str, str]
) -> None:
    async with running(
        "intake", lambda edges: build(IntakeSettings(**settings), edges), SUBSCRIPTIONS
    ) as before:
        await load(before)
        accepted = await reported(before)
    newer = f"k2:{base64.b64encode(os.urandom(32)).decode()}"
    both = IntakeSettings(**{**settings, "vault_keys": f"{newer},{settings['vault_keys']}"})
    async with running("intake", lambda edges: build(both, edges), SUBSCRIPTIONS) as during:
        meta = during.runtime.database["vault_meta"]
        await eventually(lambda: meta.find_one({"_id": "rotated", "kid": "k2"}))
    only = IntakeSettings(**{**settings, "vault_keys": newer})
    async with running("intake", lambda edges: build(only, edges), SUBSCRIPTIONS) as after:
        words = await after.http.get(
            f"/vault/cases/{accepted['case']}/words{ASKED}", headers=service
        )
        assert words.json()["text"] == TEXT
        assert (await after.http.get(f"/track/{accepted['receipt']}")).status_code == 200
