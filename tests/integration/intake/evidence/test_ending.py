"""Erased and removed evidence is gone at once: its links, its files, its traces."""

from datetime import timedelta
from typing import Any

import pytest

from case_contracts.events.intake import EvidenceRemoved
from intake.adapters.evidence.pending import LEFT_BEHIND
from service_kit import clock
from tests.integration.intake.evidence.conftest import (
    Reported,
    assign,
    attached,
    media_of,
    of_task,
    photo,
    report,
    stored_names,
)
from tests.support.twin import Twin


async def shown(reported: Reported, seed: int = 1) -> tuple[str, str]:
    """Evidence, and the URL of a link to it that is out."""
    evidence = (await reported.send(photo(seed))).json()["evidence"]
    return evidence, (await reported.link(evidence)).json()["url"]


async def code(twin: Twin, url: str) -> tuple[int, str]:
    answer = await twin.http.get(url)
    return answer.status_code, answer.json().get("code", "")


async def test_erased_it_is_unreadable_at_once_and_its_files_are_deleted(
    reported: Reported, service: dict[str, str], gateway: dict[str, str]
) -> None:
    twin = reported.twin
    evidence, url = await shown(reported)
    other = await report(twin)
    _, kept = await shown(other, 2)
    await assign(twin, reported.case)
    after = (await of_task(twin, gateway, reported.case, photo(3))).json()["evidence"]

    erased = await twin.http.delete(
        f"/vault/cases/{reported.case}/key?purpose=retention", headers=service
    )

    assert erased.status_code == 204
    assert await code(twin, url) == (410, "erased")
    for each in (evidence, after):
        assert (await reported.link(each)).status_code == 410
    assert (await twin.http.get(kept)).status_code == 200
    assert len(await stored_names(twin)) == 2
    again = await reported.send(photo())
    new = await reported.send(photo(4))
    assert (again.status_code, new.status_code) == (410, 410)


async def test_the_key_alone_protects_what_is_still_stored(
    reported: Reported, service: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the files could not be deleted: without the key they are noise."""
    _, url = await shown(reported)
    vault = reported.twin.runtime.extras["vault"]

    assert await vault.erase(reported.case, clock.now())

    assert len(await stored_names(reported.twin)) == 2
    assert await code(reported.twin, url) == (410, "erased")


async def test_removed_it_is_gone_and_the_event_says_why(
    reported: Reported, reviewer: dict[str, str]
) -> None:
    twin = reported.twin
    evidence, url = await shown(reported)

    removals = [
        await twin.http.post(
            f"/evidence/{evidence}/removal", json={"reason": "shows_a_bystander"}, headers=reviewer
        )
        for _ in range(2)
    ]

    assert [answer.status_code for answer in removals] == [204, 410]
    [event] = twin.published(EvidenceRemoved)
    assert (event.evidence, event.report, event.reason, event.by) == (
        evidence, reported.report, "shows_a_bystander", "p-000077",
    )  # fmt: skip
    assert await code(twin, url) == (410, "removed")
    assert (await reported.link(evidence)).status_code == 410
    assert await reported.listed() == []
    assert await stored_names(twin) == set()


async def test_a_removal_that_dies_half_way_shows_nothing_and_is_ended_later(
    reported: Reported, reviewer: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    twin, media = reported.twin, media_of(reported.twin)
    evidence, url = await shown(reported)
    monkeypatch.setattr(media, "remove", _dies)
    with pytest.raises(_Died):
        await twin.http.post(
            f"/evidence/{evidence}/removal", json={"reason": "wrong"}, headers=reviewer
        )
    monkeypatch.undo()

    assert await code(twin, url) == (410, "removed")
    await a_day_later(twin, monkeypatch)
    assert await stored_names(twin) == set()


async def test_a_removed_photo_frees_its_place_but_does_not_come_back(
    reported: Reported, reviewer: dict[str, str]
) -> None:
    evidence, _ = await shown(reported)
    await reported.twin.http.post(
        f"/evidence/{evidence}/removal", json={"reason": "wrong"}, headers=reviewer
    )

    same, another = await reported.send(photo()), await reported.send(photo(2))

    assert (same.status_code, same.json()["code"]) == (410, "removed")
    assert another.status_code == 201
    assert attached(reported.twin)[-1].same_as == ()


async def test_what_was_meddled_with_in_the_store_is_not_shown(reported: Reported) -> None:
    urls = [(await shown(reported, seed))[1] for seed in range(3)]
    chunks = reported.twin.runtime.database["media.chunks"]
    rows = [row async for row in chunks.find({})]

    for row in rows:
        flipped = bytes([row["data"][0] ^ 1]) + row["data"][1:]
        await chunks.update_one({"_id": row["_id"]}, {"$set": {"data": flipped}})
    changed = await reported.twin.http.get(urls[0])
    for row in rows:
        await chunks.update_one({"_id": row["_id"]}, {"$set": {"data": row["data"][:-1]}})
    cut = await reported.twin.http.get(urls[1])
    await chunks.delete_many({})
    lost = await reported.twin.http.get(urls[2])

    for answer in (changed, cut, lost):
        assert (answer.status_code, answer.json()["code"]) == (500, "damaged")


async def test_a_process_that_dies_half_way_leaves_nothing_for_ever(
    reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files are deleted a day later; the same request again is as if there had been none."""
    twin, media = reported.twin, media_of(reported.twin)
    monkeypatch.setattr(twin.runtime.committer, "submit", _dies)
    with pytest.raises(_Died):
        await reported.send(photo())
    monkeypatch.undo()
    assert len(await stored_names(twin)) == 2
    await media.sweep()
    assert len(await stored_names(twin)) == 2  # it may still be at work

    await a_day_later(twin, monkeypatch)

    assert await stored_names(twin) == set()
    assert await twin.runtime.database["vault_media"].find_one({}) is None
    assert (await reported.send(photo())).status_code == 201


async def test_the_same_request_after_a_death_goes_on_where_it_was(
    reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = reported.twin
    monkeypatch.setattr(twin.runtime.committer, "submit", _dies)
    with pytest.raises(_Died):
        await reported.send(photo())
    monkeypatch.undo()

    evidence, url = await shown(reported)

    assert [event.evidence for event in attached(twin)] == [evidence]
    assert len(await stored_names(twin)) == 2
    await a_day_later(twin, monkeypatch)
    assert (await twin.http.get(url)).status_code == 200


async def a_day_later(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep comes by."""
    later = clock.now() + LEFT_BEHIND + timedelta(minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr("service_kit.clock.now", lambda: later)
        await media_of(twin).sweep()


class _Died(BaseException):
    """As if the process had been killed."""


async def _dies(*_: Any) -> None:
    raise _Died
