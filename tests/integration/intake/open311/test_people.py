"""People's data: what comes in by Open311 goes into the vault, and nothing of it comes out."""

import base64
import hashlib
from typing import Any

import bson
import orjson
import pytest

from case_contracts.events.intake import CaseOpened
from tests.integration.intake.open311.conftest import REQUEST, Asking, listed, report_of
from tests.support.small_district import standard
from tests.support.twin import Twin, eventually

CANARIES = {
    "first_name": "CanaryFirst金",
    "last_name": "CanaryLast丝",
    "email": "canary@example.org",
    "phone": "+8613800138000",
    "description": "canary words 雀",
    "device_id": "canary-device-77",
    "account_id": "canary-account-88",
    "address_string": "99 Canary Lane",
    "address_id": "canary-address-55",
    "media_url": "https://canary.example.org/photo.jpg",
    "lat": "34.7021234",
    "long": "113.6021234",
}
KEY = {"Idempotency-Key": "canary-key-11", "User-Agent": "canary-agent/1"}


async def dump(twin: Twin) -> dict[str, bytes]:
    """Every collection as BSON and as JSON."""
    database, found = twin.runtime.database, {}
    for name in await database.list_collection_names():
        rows = await database[name].find({}).to_list(None)
        plain = orjson.dumps(rows, default=str)
        found[name] = b"".join(bson.encode(row) for row in rows) + plain
    return found


def hidden(content: bytes) -> list[str]:
    """Which of the canaries are in it, in clear, escaped, in base64 or as a plain hash."""
    found = []
    for word in [*CANARIES.values(), *KEY.values()]:
        raw = word.encode()
        spellings = (
            raw,
            base64.b64encode(raw),
            hashlib.sha256(raw).hexdigest(),
            orjson.dumps(word)[1:-1],
        )
        escaped = word.encode("unicode_escape")
        if any((s if isinstance(s, bytes) else s.encode()) in content
               for s in (*spellings, escaped)):  # fmt: skip
            found.append(word)
    return found


async def test_canaries_are_in_the_vault_alone(
    asking: Asking, intake: Twin, capfd: pytest.CaptureFixture[str]
) -> None:
    answer = await asking.post({**REQUEST, **CANARIES}, **KEY)
    [made] = asking.content(answer)
    request = made["service_request_id"]
    await listed(intake, request)
    await eventually(lambda: intake.published(CaseOpened))
    await intake.settled()
    wrong = await asking.post({**REQUEST, **CANARIES, "lat": "canary words 雀"}, **KEY)
    shown = [await asking.get(f"requests/{request}"), await asking.get("requests"), answer, wrong]

    stored = await dump(intake)
    assert {"vault", "commits"} <= set(stored)
    for name, content in stored.items():
        assert hidden(content) == [], name
    for envelope in intake.publisher.envelopes:
        assert hidden(envelope.model_dump_json().encode()) == []
    for each in shown:
        assert hidden(each.content) == []
    out = capfd.readouterr()
    assert hidden((out.out + out.err).encode()) == []


async def test_the_vault_has_all_of_it(asking: Asking, intake: Twin) -> None:
    made = await asking.made(**CANARIES)

    entry = await intake.runtime.extras["vault"].report(report_of(made["service_request_id"]))
    assert entry.contact is not None
    assert (entry.contact.email, entry.contact.phone) == (CANARIES["email"], CANARIES["phone"])
    assert entry.text == CANARIES["description"]
    assert entry.particulars is not None
    kept = entry.particulars.model_dump()
    assert kept == {name: CANARIES[name] for name in kept}


async def test_requests_about_people_stand_in_no_list_and_say_no_place(
    asking: Asking, intake: Twin
) -> None:
    """A quarrel between neighbours: who has the request's id sees how far it is."""
    await intake.say(_with_a_quarrel(), "standard:lanhe")
    await eventually(lambda: _offers(asking, "dispute_neighbours_noise"))
    quarrel = {**REQUEST, "service_code": "dispute_neighbours_noise", "attribute[condition]": ""}
    [made] = asking.content(await asking.post(quarrel))
    public = (await asking.made())["service_request_id"]
    await listed(intake, public)

    found = asking.content(await asking.get("requests"))
    assert [each["service_request_id"] for each in found] == [public]
    [shown] = asking.content(await asking.get(f"requests/{made['service_request_id']}"))
    assert (shown["lat"], shown["long"], shown["address"]) == (None, None, "Lanhe District")
    assert shown["status"] == "open"


def _with_a_quarrel() -> Any:
    found = standard(version=2).model_dump(mode="json")
    quarrel = {**found["matters"][1], "code": "dispute/neighbours/noise", "matter_class": "dispute"}
    return type(standard()).model_validate({**found, "matters": [*found["matters"], quarrel]})


async def _offers(asking: Asking, code: str) -> bool:
    found = asking.content(await asking.get("services"))
    return code in [each["service_code"] for each in found]
