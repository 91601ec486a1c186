"""Sealed chunks cannot be changed, swapped, repeated, taken from elsewhere or cut off."""

import os
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.adapters.evidence.sealing import CHUNK, opened, sealed
from intake.domain.evidence.errors import Damaged

KEY, OWNER = os.urandom(32), "evidence:1|protected"
SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7]


async def _stored(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def read(parts: Sequence[bytes], size: int, key: bytes = KEY, owner: str = OWNER) -> bytes:
    return b"".join([piece async for piece in opened(key, owner, size, _stored(parts))])


@pytest.mark.parametrize("size", SIZES)
async def test_what_was_sealed_comes_back(size: int) -> None:
    content = os.urandom(size)
    chunks = list(sealed(KEY, OWNER, content))

    assert await read(chunks, size) == content
    assert all(content[:16] not in chunk for chunk in chunks) or size < 16


@given(cuts=st.lists(st.integers(0, 3 * CHUNK), max_size=6))
@settings(max_examples=25, deadline=None)
async def test_however_the_store_cuts_it(cuts: list[int]) -> None:
    content = bytes(range(256)) * 2600
    whole = b"".join(sealed(KEY, OWNER, content))
    edges = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]

    parts = [whole[a:b] for a, b in pairwise(edges)]

    assert await read(parts, len(content)) == content


CONTENT = os.urandom(3 * CHUNK)


def chunks_of(content: bytes = CONTENT, owner: str = OWNER) -> list[bytes]:
    return list(sealed(KEY, owner, content))


async def damaged(parts: Sequence[bytes], size: int = len(CONTENT), **how: bytes) -> None:
    with pytest.raises(Damaged):
        await read(parts, size, **how)  # type: ignore[arg-type]  # key only


async def test_nothing_can_be_done_to_it_unnoticed() -> None:
    one, two, three = chunks_of()
    other = chunks_of(owner="evidence:2|protected")
    public = chunks_of(owner="evidence:1|public")

    await damaged([two, one, three])
    await damaged([one, one, three])
    await damaged([one, two])
    await damaged([one, two, three, three])
    await damaged([one, two, three[:-1]])
    await damaged([one, bytes([two[0] ^ 1]) + two[1:], three])
    await damaged([one, other[1], three])
    await damaged([one, public[1], three])
    await damaged([])
    await damaged([one, two, three], key=os.urandom(32))


async def test_a_cut_is_noticed_also_where_the_size_was_changed_with_it() -> None:
    one, two, _ = chunks_of()

    await damaged([one, two], 2 * CHUNK)
    await damaged([one], CHUNK)
