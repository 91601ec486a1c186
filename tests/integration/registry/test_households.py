"""The household register: only with consent, only for a time, read only for a purpose."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import bson
import orjson
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from case_contracts.clock import Clock
from case_contracts.events.registry import (
    HouseholdErased,
    HouseholdRegistered,
    NeedConsented,
    NeedEnded,
)
from registry.commands.households import HouseholdRegister
from registry.main import build
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from service_kit import clock
from service_kit.store.chain import chain_errors
from service_kit.vault import unseal
from service_kit.verify import Verified, verify
from tests.integration.registry.conftest import Start, vault_key
from tests.integration.registry.test_loading import Headers, load
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running
from tests.unit.registry.small import edited

ADDRESS, CONTACT = "金丝雀巷 canary lane 7", "+86 13800138000"
NOTE, PURPOSE = "canary knocks twice 敲两次", "canary purpose 每周探访"
CANARIES = [ADDRESS, CONTACT, NOTE, PURPOSE, "limited-mobility"]
SCOPES = "households.read households.write registry.read registry.write"
FILES = edited("district.yaml", "2026-01-01", "2020-01-01")


def soon(days: float) -> str:
    return (clock.now() + timedelta(days=days)).isoformat()


def home(grid: str = "410101", **more: Any) -> dict[str, Any]:
    said = {"grid": grid, "address": ADDRESS, "contact": CONTACT}
    return {**said, "consented_at": soon(-1), "valid_to": soon(300), **more}


def need(**more: Any) -> dict[str, Any]:
    said = {"kind": "limited-mobility", "purpose": PURPOSE, "note": NOTE}
    return {**said, "valid_to": soon(100), **more}


@pytest.fixture
def keeper(issuer: TestIssuer) -> Headers:
    """Posted in 410101."""
    return issuer.bearer("p-3", SCOPES, "registry")


@pytest.fixture
def neighbour(issuer: TestIssuer) -> Headers:
    """Posted in 410102."""
    return issuer.bearer("p-4", SCOPES, "registry")


@pytest.fixture
def operator(issuer: TestIssuer) -> Headers:
    return issuer.bearer("operator-1", SCOPES, "registry", "operator")


@pytest.fixture
async def loaded(registry: Twin, writer: Headers) -> Twin:
    assert (await load(registry, writer, FILES)).status_code == 200
    return registry


@pytest.fixture
def moved() -> Iterator[Any]:
    """Moves the clock so many days on."""

    def move(days: float) -> None:
        clock.set_clock(Clock(clock.now() + timedelta(days=days), time.time()))

    yield move
    clock.set_clock(None)


async def send(twin: Twin, path: str, headers: Headers, body: Any = None, status: int = 200,
               key: str | None = None) -> Any:  # fmt: skip
    more = {"Idempotency-Key": key} if key else {}
    answer = await twin.http.post(path, json=body, headers={**headers, **more})
    assert answer.status_code == status, answer.text
    return answer.json()


async def get(twin: Twin, path: str, headers: Headers, status: int = 200) -> Any:
    answer = await twin.http.get(path, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def kept(twin: Twin, headers: Headers, **more: Any) -> tuple[str, str]:
    """A household with a need."""
    entry = (await send(twin, "/households", headers, home(**more)))["entry"]
    said = await send(twin, f"/households/{entry}/needs", headers, need())
    return entry, said["need"]


def register_of(twin: Twin) -> HouseholdRegister:
    found: HouseholdRegister = twin.runtime.extras["households"]
    return found


async def dump(twin: Twin) -> dict[str, str]:
    """Every collection but the vault as text: BSON, and JSON too."""
    database = twin.runtime.database
    found = {}
    for name in await database.list_collection_names():
        rows = await database[name].find({}).to_list(None)
        raw = b"".join(bson.encode(row) for row in rows)
        found[name] = orjson.dumps(rows, default=str).decode() + raw.decode("utf-8", "replace")
    return found


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


async def test_erased_means_gone_and_the_chain_still_verifies(
    loaded: Twin, keeper: Headers
) -> None:
    (entry, _), (other, _) = await kept(loaded, keeper), await kept(loaded, keeper)
    database, vault = loaded.runtime.database, register_of(loaded).vault
    sealed = await database["vault"].find({"entry": entry}).to_list(None)
    assert (await send(loaded, f"/households/{entry}/erasure", keeper))["published"] == [
        "household.erased.v1"
    ]

    assert (await get(loaded, f"/households/{entry}?purpose=visit", keeper, 410))["code"] == (
        "erased"
    )
    assert (await send(loaded, f"/households/{entry}/needs", keeper, need(), 410))["code"]
    assert (await send(loaded, f"/households/{entry}/erasure", keeper))["published"] == []
    assert (await get(loaded, "/households?grid=410101", keeper))["total"] == 1
    key = await database["vault_keys"].find_one({"_id": entry})
    assert key is not None
    assert (key["wrapped"], key["kid"]) == (None, None)
    assert await database["vault"].count_documents({"entry": entry}) == 0
    for other_key in (await vault._data_keys({})).values():
        for row in sealed:  # a copy made before, with every key that the master keys still open
            with pytest.raises(InvalidTag):
                unseal(AESGCM(other_key), row["sealed"], row["_id"])
    assert [*await vault._data_keys({})] == [other]
    commits = await database["commits"].find({"aggregate": entry}).to_list(None)
    assert chain_errors(sorted(commits, key=lambda c: int(c["version"]))) == []
    report = await verify([whole(loaded)], district=DISTRICT, settle_seconds=0)
    assert report.violations == []


def whole(twin: Twin) -> Verified:
    return Verified("registry", twin.runtime.database, twin.runtime.parts.aggregates)


async def test_consent_ends_in_time_once_in_two_processes(
    start: Start, writer: Headers, keeper: Headers, moved: Any
) -> None:
    async with start() as one, start() as other:
        await load(one, writer, FILES)
        entry, wanted = await kept(one, keeper)
        moved(101)
        said = await get(one, f"/households/{entry}?purpose=visit", keeper)
        assert said["needs"] == [], "its time is over, whether it has been swept or not"
        swept = [await register_of(twin).sweep() for twin in (one, other)]
        assert sum(swept) <= 1
        ended = await eventually(lambda: published(one, other, NeedEnded))
        assert [(e.need, e.reason) for e in ended] == [(wanted, "expired")]
        moved(200)
        await get(other, f"/households/{entry}?purpose=visit", keeper, 410)
        for twin in (one, other):
            await register_of(twin).sweep()
        erased = await eventually(lambda: published(one, other, HouseholdErased))
        assert [(e.entry, e.reason) for e in erased] == [(entry, "expired")]
        assert await one.runtime.database["vault"].count_documents({}) == 0
        rows = await get(one, f"/households/{entry}/audit", keeper)
        assert {r["who"] for r in rows if r["purpose"] == "expired"} == {"service:registry"}


def published(one: Twin, other: Twin, kind: Any) -> list[Any]:
    return one.published(kind) + other.published(kind)


@pytest.mark.parametrize("dies", ["before the commit", "after it"])
async def test_what_died_half_ended_is_completed(
    loaded: Twin, keeper: Headers, monkeypatch: pytest.MonkeyPatch, dies: str
) -> None:
    entry, wanted = await kept(loaded, keeper)
    register = register_of(loaded)
    where = "_submit" if dies == "before the commit" else "vault.told"
    with monkeypatch.context() as broken:
        broken.setattr(*_at(register, where), _dies)
        for path in (f"needs/{wanted}/withdrawal", "erasure"):
            with pytest.raises(ConnectionError):
                await loaded.http.post(f"/households/{entry}/{path}", headers=keeper)
    while await register.sweep():
        pass
    assert [e.reason for e in loaded.published(HouseholdErased)] == ["withdrawn"]
    assert await loaded.runtime.database["vault"].count_documents({}) == 0
    rows = await get(loaded, f"/households/{entry}/audit", keeper)
    assert {r["on_behalf_of"] for r in rows if r["who"] == "service:registry"} <= {"p-3"}


def _at(register: HouseholdRegister, where: str) -> tuple[Any, str]:
    return (register, where) if where == "_submit" else (register.vault, "told")


async def _dies(*_: Any) -> None:
    raise ConnectionError("the process dies here")


async def test_what_was_put_and_never_committed_ends_too(
    loaded: Twin, keeper: Headers, monkeypatch: pytest.MonkeyPatch, moved: Any
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(register_of(loaded), "_submit", _dies)
        with pytest.raises(ConnectionError):
            await loaded.http.post("/households", json=home(), headers=keeper)
    assert await loaded.runtime.database["vault"].count_documents({}) == 1
    assert (await get(loaded, "/households?grid=41", keeper))["total"] == 0
    moved(301)
    await register_of(loaded).sweep()
    assert await loaded.runtime.database["vault"].count_documents({}) == 0
    assert loaded.published(HouseholdErased) == []


@pytest.fixture
def rotating(mongo_url: str, database: str, issuer: TestIssuer) -> Any:
    """The registry with these master keys."""

    def started(keys: str) -> Any:
        settings = RegistrySettings(
            district=DISTRICT, amqp_url=SecretStr("amqp://unused"), mongo_url=SecretStr(mongo_url),
            database=database, jwks_url=issuer.jwks_url, issuer=issuer.name,
            vault_keys=SecretStr(keys),
        )  # fmt: skip
        return running("registry", lambda e: build(settings, e), SUBSCRIPTIONS)

    return started


async def test_master_keys_rotate_without_losing_anything(
    rotating: Any, writer: Headers, keeper: Headers
) -> None:
    older, newer = vault_key("k1"), vault_key("k2")
    async with rotating(older) as before:
        await load(before, writer, FILES)
        entry, wanted = await kept(before, keeper)
        erased, _ = await kept(before, keeper)
        await send(before, f"/households/{erased}/erasure", keeper)
    async with rotating(f"{newer},{older}") as during:
        meta = during.runtime.database["vault_meta"]
        await eventually(lambda: meta.find_one({"_id": "rotated", "kid": "k2"}))
    async with rotating(newer) as after:
        said = await get(after, f"/households/{entry}?purpose=visit", keeper)
        assert (said["address"], said["needs"][0]["need"]) == (ADDRESS, wanted)
        await get(after, f"/households/{erased}?purpose=visit", keeper, 410)


async def test_a_split_grids_households_are_still_found(
    loaded: Twin, keeper: Headers, writer: Headers, operator: Headers
) -> None:
    """By their entries, as long as consent holds; whoever has a post above the grid sees them."""
    entry, _ = await kept(loaded, keeper)
    halves = [(113, 113.5, "410103"), (113.5, 114, "410104")]
    parts = [
        {
            "grid": code,
            "name": {"zh": code, "en": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[w, 34], [e, 34], [e, 35], [w, 35], [w, 34]]],
            },
        }
        for w, e, code in halves
    ]
    body = {"reason": "decision 2026-31", "parts": parts}
    await send(loaded, "/grids/410101/split", writer, body)
    await get(loaded, "/grids/410103", writer)
    said = await get(loaded, f"/households/{entry}?purpose=visit", operator)
    assert said["grid"] == "410101"
    problem = await send(loaded, "/households", operator, home("410101"), 422)
    assert problem["code"] == "grid_unknown"


@pytest.fixture
async def many(loaded: Twin, operator: Headers) -> Twin:
    """Seven and six households that live alone; two more of limited mobility."""
    for grid, count in (("410101", 7), ("410102", 6)):
        for n in range(count):
            entry = (await send(loaded, "/households", operator, home(grid)))["entry"]
            kinds = ["lives-alone"] + ["limited-mobility"] * (n == 0)
            for kind in kinds:
                await send(loaded, f"/households/{entry}/needs", operator, need(kind=kind))
    return loaded


async def test_the_map_counts_households_without_telling_small_counts(
    many: Twin, reader: Headers
) -> None:
    said = await get(many, "/grids/41/household-map", reader)
    counts = {r["grid"]: (r["needs"]["lives-alone"], r["needs"]["limited-mobility"])
              for r in said["rows"]}  # fmt: skip
    assert counts == {
        "41": (13, None), "4101": (13, None), "410101": (7, None), "410102": (6, None),
    }  # fmt: skip
    assert said["kinds"]["lives-alone"] == {"zh": "独居", "en": "Lives alone"}
    assert all(row["total"] is None for row in said["rows"])
    rows = await many.runtime.database["vault_audit"].find({"what": "statistics"}).to_list(None)
    assert [(r["who"], r["subject"], r["entries"]) for r in rows] == [("p-000009", "grid:41", 13)]


async def test_a_part_of_the_map_is_the_map_of_that_part(many: Twin, reader: Headers) -> None:
    whole = (await get(many, "/grids/41/household-map", reader))["rows"]
    [street] = (await get(many, "/grids/4101/household-map?depth=0", reader))["rows"]
    [unit] = (await get(many, "/grids/410102/household-map", reader))["rows"]
    assert [street, unit] == [row for row in whole if row["grid"] in ("4101", "410102")]
    await get(many, "/grids/4199/household-map", reader, 404)


async def test_needs_follow_consent_on_the_map(
    many: Twin, reader: Headers, operator: Headers, moved: Any
) -> None:
    listed = await get(many, "/households?grid=410102", operator)
    assert (listed["total"], len(listed["households"])) == (6, 6)
    for each in listed["households"][:2]:
        await send(many, f"/households/{each['entry']}/erasure", operator)
    [row] = (await get(many, "/grids/410102/household-map", reader))["rows"]
    assert row["needs"]["lives-alone"] is None
    moved(101)
    for each in (await get(many, "/grids/41/household-map", reader))["rows"]:
        assert set(each["needs"].values()) == {None}, "swept or not"


async def test_another_ground_is_not_counted(many: Twin, reader: Headers, writer: Headers) -> None:
    """Two grounds with the same needs would tell small counts by their difference."""
    before = clock.now()
    changed = edited("grids/unit.geojson", '"name_en":"410102"',
                     '"name_en":"410102","households":120', FILES)  # fmt: skip
    changed = edited("grids/unit.geojson", '"households":120',
                     f'"households":120,"valid_from":"{before.isoformat()}"', changed)  # fmt: skip
    answer = await load(many, writer, changed)
    assert answer.status_code == 200, answer.text
    then = before.isoformat().replace("+00:00", "Z")
    now = await get(many, "/grids/41/household-map", reader)
    assert now["counted_at"] is not None
    earlier = await get(many, "/grids/41/household-map?at=2021-01-01T00:00:00Z", reader)
    assert (earlier["counted_at"], earlier["rows"][0]["needs"]) == (None, {})
    at_that = await get(many, f"/grids/41/household-map?at={then}", reader)
    assert at_that["counted_at"] is not None
    assert [row["households"] for row in at_that["rows"]][-1] == 120


async def test_pages_of_the_list(many: Twin, operator: Headers) -> None:
    first = await get(many, "/households?grid=41&limit=10", operator)
    last = first["households"][-1]["entry"]
    rest = await get(many, f"/households?grid=41&limit=10&after={last}", operator)
    assert (first["total"], len(first["households"]), len(rest["households"])) == (13, 10, 3)
    entries = [each["entry"] for page in (first, rest) for each in page["households"]]
    assert entries == sorted(set(entries))
    await get(many, "/households?grid=4199", operator, 404)
