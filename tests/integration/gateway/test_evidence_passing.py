"""Files on their way: cut off with the right, and nobody takes all the room."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from gateway.views.room import EACH
from tests.integration.gateway.fake_dispatch import FakeDispatch
from tests.integration.gateway.fake_vault import FakeVault
from tests.integration.gateway.own_evidence import Film, Own, elsewhere, end_right
from tests.support.twin import Twin, eventually


@pytest.mark.alone
@pytest.mark.parametrize("how", ["revoked", "reassigned"])
async def test_a_long_file_is_broken_off_within_a_second_of_the_rightsend_right(
    gateway: Twin, own: Own, dispatch: FakeDispatch, vault: FakeVault, how: str
) -> None:
    film = Film()
    evidence = vault.put("case:1", format="video/mp4", chunks=film.chunks())

    async def watched(far: Own) -> None:
        async with far.http.stream("GET", f"{far.base}/{evidence}", headers=far.headers) as answer:
            assert answer.status_code == 200
            chunks = answer.aiter_raw()
            await anext(chunks)
            await end_right(dispatch, own.task, how)
            said.append(time.monotonic())
            async for _ in chunks:
                pass

    said: list[float] = []
    async with elsewhere(gateway, own) as far:
        with pytest.raises(httpx.RemoteProtocolError, match="incomplete"):
            await watched(far)
        assert time.monotonic() - said[0] < 1.0
        await eventually(film.left.is_set)


async def test_who_reads_slowly_takes_no_more_than_their_share(
    gateway: Twin, own: Own, vault: FakeVault
) -> None:
    films = [vault.put("case:1", format="video/mp4", chunks=Film().chunks()) for _ in range(EACH)]
    photo = vault.put("case:1")
    async with elsewhere(gateway, own) as far, AsyncExitStack() as open_ones:
        for film in films:
            url = f"{far.base}/{film}"
            answer = far.http.stream("GET", url, headers=far.headers)
            assert (await open_ones.enter_async_context(answer)).status_code == 200
        for answered in (await far.opened(photo), await far.attach()):
            assert (answered.status_code, answered.json()["code"]) == (429, "too_many_requests")
            assert int(answered.headers["retry-after"]) > 0
        assert (await far.listed()).status_code == 200
        await open_ones.aclose()

        async def free() -> bool:
            return (await far.opened(photo)).status_code == 200

        await eventually(free)
    assert vault.sent == []


async def test_who_stops_reading_leaves_nothing_open(
    gateway: Twin, own: Own, vault: FakeVault
) -> None:
    film = Film()
    evidence = vault.put("case:1", format="video/mp4", chunks=film.chunks())
    async with elsewhere(gateway, own) as far:
        url = f"{far.base}/{evidence}"
        async with far.http.stream("GET", url, headers=far.headers) as answer:
            await anext(answer.aiter_raw())
        await eventually(film.left.is_set)


@pytest.mark.alone
async def test_what_is_still_being_sent_when_the_right_ends_is_not_attached(
    gateway: Twin, own: Own, dispatch: FakeDispatch, vault: FakeVault
) -> None:
    enough = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        while not enough.is_set():
            yield bytes(100)
            await asyncio.sleep(0.02)

    async with elsewhere(gateway, own) as far:
        sending = asyncio.create_task(far.attach(slowly()))
        await eventually(lambda: vault.begun == 1)
        await end_right(dispatch, own.task, "revoked")
        said = time.monotonic()
        await eventually(lambda: vault.broken_off == 1)
        assert time.monotonic() - said < 1.0
        enough.set()
        assert (await sending).status_code == 404
    assert vault.sent == []
