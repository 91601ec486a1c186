"""Encryption, keys and receipts."""

import asyncio
import base64
from collections.abc import Sequence

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from case_contracts.values import Point
from intake.adapters.entry import Contact, Entry
from intake.adapters.grouped import Grouped
from intake.adapters.references import References
from intake.settings import IntakeSettings
from service_kit.ids import RECEIPT_ALPHABET, receipt_is_valid
from service_kit.vault import KeyRing, UnknownKey, seal, unseal

MASTER, OLDER = bytes(range(32)), bytes(range(32, 64))
RING = KeyRing({"k2": MASTER, "k1": OLDER})
REFERENCES = References(b"s" * 32)

entries = st.builds(
    Entry,
    text=st.none() | st.text(min_size=1, max_size=200),
    contact=st.none() | st.builds(Contact, email=st.emails(), phone=st.just("+86 371 0000")),
    point=st.none()
    | st.builds(
        Point,
        lon=st.floats(-180, 180, allow_nan=False),
        lat=st.floats(-90, 90, allow_nan=False),
    ),
    receipt=st.none() | st.text(RECEIPT_ALPHABET, min_size=13, max_size=13),
    language=st.sampled_from(["zh", "en"]),
)


@given(entries, st.binary(min_size=32, max_size=32), st.text(max_size=20))
def test_what_is_put_in_comes_out(entry: Entry, key: bytes, owner: str) -> None:
    sealed = seal(AESGCM(key), entry.plain(), owner)

    assert Entry.of(unseal(AESGCM(key), sealed, owner)) == entry


@given(st.binary(min_size=1, max_size=60), st.data())
def test_a_changed_byte_another_owner_or_key_is_noticed(
    content: bytes, data: st.DataObject
) -> None:
    cipher = AESGCM(MASTER)
    sealed = seal(cipher, content, "report:1")
    place = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]

    for key, text, owner in (
        (cipher, changed, "report:1"),
        (cipher, sealed, "report:2"),
        (AESGCM(OLDER), sealed, "report:1"),
    ):
        with pytest.raises(InvalidTag):
            unseal(key, text, owner)


def test_the_same_content_is_never_stored_alike() -> None:
    assert seal(AESGCM(MASTER), b"words", "r") != seal(AESGCM(MASTER), b"words", "r")


@given(st.binary(min_size=32, max_size=32), st.text(max_size=20))
def test_older_master_keys_unwrap_and_the_newest_wraps(key: bytes, owner: str) -> None:
    older = KeyRing({"k1": OLDER}).wrap(key, owner)

    assert RING.unwrap(older, owner) == key
    assert RING.wrap(key, owner).kid == "k2"
    with pytest.raises(UnknownKey, match="CIVICGRID_VAULT_KEYS"):
        KeyRing({"k3": MASTER}).unwrap(older, owner)


GOOD = base64.b64encode(MASTER).decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no. 1: write"),
        (GOOD, "no. 1: write"),
        ("k1:" + GOOD[:-8] + "AAA=", "29 bytes|30 bytes|31 bytes"),
        ("k1:!!", "no. 1 \\(k1\\) is not base64"),
        (f"k1:{GOOD},k1:{GOOD}", "no. 2: the key id k1 is there twice"),
        (f"k1:{GOOD},", "no. 2: write"),
    ],
)
def test_a_bad_key_setting_says_what_is_wrong_and_shows_no_key(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        KeyRing.parse(text)
    assert GOOD not in str(refused.value)


def test_settings_refuse_bad_keys_without_showing_them() -> None:
    with pytest.raises(ValueError) as refused:
        IntakeSettings.model_validate(
            {
                "district": "lanhe",
                "amqp_url": "amqp://x",
                "mongo_url": "mongodb://x",
                "database": "x",
                "jwks_url": "http://x",
                "vault_keys": f"k1:{GOOD}x",
            }
        )
    assert "not base64" in str(refused.value)
    assert GOOD not in str(refused.value)


@given(st.text(max_size=60))
def test_a_receipt_follows_from_its_cause_and_is_checkable(cause: str) -> None:
    receipt = REFERENCES.receipt(cause)

    assert receipt_is_valid(receipt)
    assert receipt == References(b"s" * 32).receipt(cause)
    assert receipt != References(b"t" * 32).receipt(cause)


@given(st.text(max_size=30), st.integers(0, 12), st.sampled_from(RECEIPT_ALPHABET))
def test_one_wrong_letter_is_noticed(cause: str, place: int, letter: str) -> None:
    receipt = REFERENCES.receipt(cause)
    mistyped = receipt[:place] + letter + receipt[place + 1 :]

    assert receipt_is_valid(mistyped) == (mistyped == receipt)


@given(st.text(max_size=30), st.integers(0, 11))
def test_swapped_neighbours_are_noticed(cause: str, place: int) -> None:
    receipt = REFERENCES.receipt(cause)
    a, b = receipt[place], receipt[place + 1]
    mistyped = receipt[:place] + b + a + receipt[place + 2 :]

    assert receipt_is_valid(mistyped) == (a == b)


def test_references_tell_nothing_and_differ() -> None:
    receipt = REFERENCES.receipt("cause")
    report = REFERENCES.report(receipt)
    ids = {report.split(":")[1], REFERENCES.case(report).split(":")[1]}

    assert len(ids) == 2
    assert receipt not in report
    one, other = (REFERENCES.reporter("a@example.org", case) for case in ("case:1", "case:2"))
    assert one != other


async def test_a_group_is_written_at_once_and_everybody_is_told() -> None:
    groups: list[list[int]] = []
    go = asyncio.Event()

    async def write(items: Sequence[int]) -> None:
        groups.append(list(items))
        await go.wait()

    grouped = Grouped(write)
    running = asyncio.create_task(grouped.run())
    waiting = [grouped.put(i) for i in range(5)]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(*waiting)
    running.cancel()

    assert [item for group in groups for item in group] == [0, 1, 2, 3, 4]
    assert len(groups) <= 2


async def test_a_failed_group_fails_for_each_and_the_next_goes_on() -> None:
    failing = True

    async def write(items: Sequence[int]) -> None:
        if failing:
            raise OSError("away")

    grouped = Grouped(write)
    running = asyncio.create_task(grouped.run())
    results = await asyncio.gather(grouped.put(1), grouped.put(2), return_exceptions=True)
    failing = False
    await grouped.put(3)
    running.cancel()

    assert [type(r) for r in results] == [OSError, OSError]
