"""A copy as sealed chunks: each bound to its evidence, copy and number, the last one marked.

So no chunk can be changed, swapped, repeated, taken from another file or cut off.
"""

from collections.abc import AsyncIterable, AsyncIterator, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intake.domain.evidence.errors import Damaged
from service_kit.vault import seal, unseal

CHUNK = 256 * 1024
OVERHEAD = 12 + 16
"""Nonce and tag of each chunk."""


def sealed(key: bytes, owner: str, content: bytes) -> Iterator[bytes]:
    """The chunks of ``content``; at least one, also of nothing."""
    cipher, count = AESGCM(key), max(1, -(-len(content) // CHUNK))
    for number in range(count):
        part = content[number * CHUNK : (number + 1) * CHUNK]
        yield seal(cipher, part, _bound(owner, number, number == count - 1))


async def opened(
    key: bytes, owner: str, size: int, stored: AsyncIterable[bytes]
) -> AsyncIterator[bytes]:
    """The content, chunk by chunk, however the store cut it; raises Damaged.

    ``size`` is the content's: more or less than that is stored only where somebody meddled.
    """
    cipher, last = AESGCM(key), max(1, -(-size // CHUNK)) - 1
    number, waiting = 0, bytearray()
    async for piece in stored:
        waiting += piece
        while len(waiting) > CHUNK + OVERHEAD:
            yield _open(cipher, bytes(waiting[: CHUNK + OVERHEAD]), owner, number, last)
            del waiting[: CHUNK + OVERHEAD]
            number += 1
    yield _open(cipher, bytes(waiting), owner, number, last)
    if number != last:
        raise _damaged()


def _open(cipher: AESGCM, chunk: bytes, owner: str, number: int, last: int) -> bytes:
    try:
        return unseal(cipher, chunk, _bound(owner, number, number == last))
    except (InvalidTag, ValueError):  # ValueError: shorter than a nonce
        raise _damaged() from None


def _damaged() -> Damaged:
    return Damaged("what is stored is not what was sealed")


def _bound(owner: str, number: int, last: bool) -> str:
    return f"{owner}|{number}|{'last' if last else 'more'}"
