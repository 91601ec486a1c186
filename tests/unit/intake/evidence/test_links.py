"""A link opens one copy of one piece of evidence until its time is over, and nothing else."""

import base64
import os
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.adapters.evidence.links import Link, Links
from intake.domain.evidence.errors import Gone
from service_kit.errors import NotFound

UNTIL = 1_800_000_000
LINK = Link(f"evidence:{uuid.UUID(int=7)}", "public", UNTIL)


def made(key: bytes | None = None) -> Links:
    links = Links()
    links.open(key or os.urandom(32))
    return links


def test_it_opens_until_its_time() -> None:
    links = made()
    token = links.sign(LINK)

    assert links.read(token, UNTIL - 1) == LINK
    with pytest.raises(Gone) as error:
        links.read(token, UNTIL)
    assert (error.value.status, error.value.code) == (410, "link_expired")


@given(st.integers(0, 52), st.integers(1, 255))
def test_no_byte_of_it_can_be_changed(at: int, by: int) -> None:
    links = made(b"k" * 32)
    raw = bytearray(base64.urlsafe_b64decode(links.sign(LINK) + "=="))
    raw[at] ^= by

    with pytest.raises(NotFound):
        links.read(base64.urlsafe_b64encode(raw).rstrip(b"=").decode(), UNTIL - 1)


@given(st.text(max_size=120))
def test_nonsense_is_unknown(token: str) -> None:
    with pytest.raises(NotFound):
        made().read(token, 0)


def test_another_key_s_link_is_unknown() -> None:
    with pytest.raises(NotFound):
        made().read(made().sign(LINK), 0)
