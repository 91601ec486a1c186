"""The household register: only with consent, read only for a purpose."""

from typing import Any

import pytest

from case_contracts.events.registry import (
    HouseholdRegistered,
    NeedConsented,
)
from tests.integration.registry.households.asked import (
    ADDRESS,
    CANARIES,
    CONTACT,
    NOTE,
    SCOPES,
    dump,
    get,
    home,
    kept,
    need,
    register_of,
    send,
    soon,
)
from tests.integration.registry.test_loading import Headers
from tests.support.tokens import TestIssuer
from tests.support.twin import Twin


async def test_what_is_kept_is_read_for_a_purpose_and_written_down_first(
    loaded: Twin, keeper: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, wanted = await kept(loaded, keeper)
    said = await get(loaded, f"/households/{entry}?purpose=visit", keeper)

    assert (said["address"], said["contact"], said["grid"]) == (ADDRESS, CONTACT, "410101")
    [only] = said["needs"]
    assert (only["need"], only["kind"], only["note"]) == (wanted, "limited-mobility", NOTE)
    assert only["name"] == {"zh": "行动不便", "en": "Limited mobility"}
    [row] = await loaded.runtime.database["vault_audit"].find({}).to_list(None)
    assert (row["who"], row["what"], row["subject"], row["purpose"]) == (
        "p-3", "read", entry, "visit",
    )  # fmt: skip

    async def full(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("registry.api.households.audit.note_many", full)
    with pytest.raises(OSError, match="disk"):
        await loaded.http.get(f"/households/{entry}?purpose=visit", headers=keeper)


async def test_a_purpose_is_asked_for(loaded: Twin, keeper: Headers) -> None:
    entry, _ = await kept(loaded, keeper)
    for query in ("", "?purpose=", "?purpose=a b", "?purpose=Visit!"):
        problem = await get(loaded, f"/households/{entry}{query}", keeper, 422)
        assert problem["errors"][0]["field"] == "query.purpose"
    assert await loaded.runtime.database["vault_audit"].count_documents({}) == 0


async def test_the_audit_of_an_entry_tells_who_did_what(
    loaded: Twin, keeper: Headers, operator: Headers
) -> None:
    entry, wanted = await kept(loaded, keeper)
    await get(loaded, f"/households/{entry}?purpose=visit", operator)
    await get(loaded, "/grids/41/household-map", operator)
    await send(loaded, f"/households/{entry}/needs/{wanted}/withdrawal", keeper)
    rows = await get(loaded, f"/households/{entry}/audit", keeper)

    assert [(r["who"], r["what"], r["purpose"]) for r in rows] == [
        ("p-3", "household.registered.v1", "household-consent"),
        ("p-3", "need.consented.v1", "household-consent"),
        ("operator-1", "read", "visit"),
        ("operator-1", "statistics", "statistics"),
        ("p-3", "need.ended.v1", "household-withdrawal"),
    ]


async def test_words_are_nowhere_but_in_the_vault(
    loaded: Twin, keeper: Headers, capfd: pytest.CaptureFixture[str]
) -> None:
    entry, _ = await kept(loaded, keeper)
    await get(loaded, f"/households/{entry}?purpose=visit", keeper)
    wrong = home(valid_to=soon(-1)), home(religion=ADDRESS), home(consented_at=ADDRESS)
    answers = [await loaded.http.post("/households", json=b, headers=keeper) for b in wrong]
    answers += [await loaded.http.get("/households?grid=41", headers=keeper)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 200]
    places = await dump(loaded)
    assert {"vault", "vault_keys", "commits", "view_household", "vault_audit"} <= set(places)
    places["messages"] = "".join(e.model_dump_json() for e in loaded.publisher.envelopes)
    places["logs"] = "".join(capfd.readouterr())
    places["answers"] = "".join(answer.text for answer in answers)
    for place, content in places.items():
        assert [canary for canary in CANARIES if canary in content] == [], place
    assert NeedConsented.EXAMPLE.keys() == {"entry", "need", "digest", "valid_to"}


@pytest.mark.parametrize("field", ["religion", "score", "petition", "opinion", "association"])
async def test_there_is_no_field_for_what_is_no_service_need(
    loaded: Twin, keeper: Headers, field: str
) -> None:
    entry, _ = await kept(loaded, keeper)
    for path, body in (("/households", home()), (f"/households/{entry}/needs", need())):
        problem = await send(loaded, path, keeper, {**body, field: "x"}, 422)
        assert problem["errors"][0]["field"] == f"body.{field}"
    wrong = await send(loaded, f"/households/{entry}/needs", keeper, need(kind=field), 422)
    assert wrong["errors"][0]["field"] == "body.kind"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"valid_to": lambda: soon(-0.1)}, "in_the_past"),
        ({"valid_to": lambda: soon(2000)}, "end_too_late"),
        ({"consented_at": lambda: soon(1)}, "consent_to_come"),
        ({"grid": lambda: "4101"}, "grid_not_lowest"),
        ({"grid": lambda: "410199"}, "grid_unknown"),
        ({"grid": lambda: {"$ne": ""}}, "invalid"),
    ],
)
async def test_a_registration_that_is_refused_keeps_nothing(
    loaded: Twin, operator: Headers, body: dict[str, Any], code: str
) -> None:
    wrong = {field: value() for field, value in body.items()}
    problem = await send(loaded, "/households", operator, home(**wrong), 422)
    assert problem["code"] == code
    assert await loaded.runtime.database["vault"].count_documents({}) == 0
    assert await loaded.runtime.database["vault_keys"].count_documents({}) == 0


async def test_a_need_ends_with_its_household_at_the_latest(loaded: Twin, keeper: Headers) -> None:
    entry, _ = await kept(loaded, keeper)
    path = f"/households/{entry}/needs"
    problem = await send(loaded, path, keeper, need(valid_to=soon(301)), 422)
    assert problem["code"] == "ends_after_entry"
    assert await loaded.runtime.database["vault"].count_documents({}) == 2


async def test_one_sees_the_households_of_ones_own_ground_only(
    loaded: Twin, keeper: Headers, neighbour: Headers, operator: Headers, issuer: TestIssuer
) -> None:
    entry, wanted = await kept(loaded, keeper)
    for foreign in (entry, "household:none", "grid:41", "{'$ne': ''}", "a/b"):
        path = f"/households/{foreign}"
        for asked in (f"{path}?purpose=visit", f"{path}/audit"):
            assert (await get(loaded, asked, neighbour, 404))["code"] == "not_found"
        for done, body in (
            (f"{path}/needs", need()),
            (f"{path}/needs/{wanted}/withdrawal", None),
            (f"{path}/erasure", None),
        ):
            assert (await send(loaded, done, neighbour, body, 404))["code"] == "not_found"
    assert (await send(loaded, "/households", neighbour, home(), 403))["code"] == "not_your_ground"
    totals = [
        (await get(loaded, "/households?grid=41", who))["total"]
        for who in (keeper, neighbour, operator)
    ]
    assert totals == [1, 0, 1]
    department = issuer.bearer("d-1", SCOPES, "registry", "department", "roads")
    assert (await get(loaded, "/households?grid=41", department))["total"] == 0
    await get(loaded, f"/households/{entry}?purpose=visit", department, 404)


async def test_each_route_needs_its_scope(
    loaded: Twin, keeper: Headers, issuer: TestIssuer
) -> None:
    entry, wanted = await kept(loaded, keeper)
    read = issuer.bearer("p-3", "households.read", "registry")
    write = issuer.bearer("p-3", "households.write", "registry")
    for path in ("?purpose=visit", "/audit"):
        await get(loaded, f"/households/{entry}{path}", {}, 401)
        await get(loaded, f"/households/{entry}{path}", write, 403)
    await get(loaded, "/households?grid=41", write, 403)
    await get(loaded, "/grids/41/household-map", read, 403)
    for path, body in (
        ("", home()), (f"/{entry}/needs", need()), (f"/{entry}/erasure", None),
        (f"/{entry}/needs/{wanted}/withdrawal", None),
    ):  # fmt: skip
        await send(loaded, f"/households{path}", {}, body, 401)
        await send(loaded, f"/households{path}", read, body, 403)


async def test_sent_twice_is_done_once(loaded: Twin, keeper: Headers) -> None:
    said, asked = home(), need()
    one = await send(loaded, "/households", keeper, said, key="k")
    assert await send(loaded, "/households", keeper, said, key="k") == one
    path = f"/households/{one['entry']}/needs"
    first = await send(loaded, path, keeper, asked, key="k")
    assert await send(loaded, path, keeper, asked, key="k") == first
    for where, body in (("/households", home(address="b")), (path, need(note="b"))):
        problem = await send(loaded, where, keeper, body, 422, key="k")
        assert problem["code"] == "idempotency_key_reused"
    gone = f"{path}/{first['need']}/withdrawal"
    assert (await send(loaded, gone, keeper))["published"] == ["need.ended.v1"]
    assert (await send(loaded, gone, keeper))["published"] == []
    assert await send(loaded, path, keeper, asked, key="k") == first
    assert await loaded.runtime.database["vault"].find_one({"_id": first["need"]}) is None
    assert len(loaded.published(HouseholdRegistered, NeedConsented)) == 2


async def test_what_was_withdrawn_does_not_come_back_with_a_late_repetition(
    loaded: Twin, keeper: Headers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that had looked whether it was done before it was."""
    entry, _ = await kept(loaded, keeper)
    path, asked = f"/households/{entry}/needs", need()
    said = await send(loaded, path, keeper, asked, key="k")
    await send(loaded, f"{path}/{said['need']}/withdrawal", keeper)

    async def nothing(*_: Any) -> None:
        return None

    monkeypatch.setattr(register_of(loaded), "_done", nothing)
    await send(loaded, path, keeper, asked, key="k")
    assert await loaded.runtime.database["vault"].find_one({"_id": said["need"]}) is None


async def test_a_dry_run_keeps_nothing(loaded: Twin, keeper: Headers) -> None:
    would = await send(loaded, "/households?dry_run=true", keeper, home())
    assert would == {
        "dry_run": True, "entry": None, "need": None, "published": ["household.registered.v1"],
    }  # fmt: skip
    assert await loaded.runtime.database["vault_keys"].count_documents({}) == 0
    entry, wanted = await kept(loaded, keeper)
    for path, body in (
        ("needs", need()), (f"needs/{wanted}/withdrawal", None), ("erasure", None),
    ):  # fmt: skip
        would = await send(loaded, f"/households/{entry}/{path}?dry_run=true", keeper, body)
        assert would["dry_run"]
        assert len(would["published"]) == 1
    said = await get(loaded, f"/households/{entry}?purpose=visit", keeper)
    assert [each["need"] for each in said["needs"]] == [wanted]
