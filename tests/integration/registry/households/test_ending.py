"""The household register: only for a time; erased means gone."""

from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import SecretStr

from case_contracts.events.registry import (
    HouseholdErased,
    NeedEnded,
)
from registry.commands.households import HouseholdRegister
from registry.main import build
from registry.settings import RegistrySettings
from registry.subscriptions import SUBSCRIPTIONS
from service_kit.store.chain import chain_errors
from service_kit.vault import unseal
from service_kit.verify import verify
from tests.integration.registry.conftest import Start
from tests.integration.registry.households.asked import (
    ADDRESS,
    FILES,
    get,
    home,
    kept,
    need,
    published,
    register_of,
    send,
    whole,
)
from tests.integration.registry.test_loading import Headers, load
from tests.support import stored
from tests.support.keys import vault_key
from tests.support.tokens import TestIssuer
from tests.support.twin import DISTRICT, Twin, eventually, running


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
    commits = await stored.where(database, aggregate=entry)
    assert chain_errors(sorted(commits, key=lambda c: int(c["version"]))) == []
    report = await verify([whole(loaded)], district=DISTRICT, settle_seconds=0)
    assert report.violations == []


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
