"""Ids that are the same on every attempt, and receipt codes that people can copy."""

import uuid

from hypothesis import assume, given
from hypothesis import strategies as st

from service_kit.ids import (
    NAMESPACE,
    RECEIPT_ALPHABET,
    as_uuid5,
    derived,
    new_receipt,
    receipt_is_valid,
)

codes = st.builds(lambda _: new_receipt(), st.none())


def test_the_same_parts_give_the_same_id_and_others_another() -> None:
    assert derived("a", "b") == derived("a", "b")
    assert derived("a", "b") != derived("ab", "")
    assert derived("a", "b") != derived("b", "a")


@given(st.lists(st.text()))
def test_a_derived_id_is_the_uuid_of_its_parts(parts: list[str]) -> None:
    assert derived(*parts) == str(uuid.uuid5(NAMESPACE, "\x1f".join(parts)))


@given(st.binary(min_size=16))
def test_a_digest_is_taken_for_a_uuid_as_the_standard_says(digest: bytes) -> None:
    assert as_uuid5(digest) == str(uuid.UUID(bytes=digest[:16], version=5))


@given(codes)
def test_a_receipt_is_valid(code: str) -> None:
    assert receipt_is_valid(code)


@given(codes, st.data())
def test_one_wrong_letter_is_found(code: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(code) - 1))
    letter = data.draw(st.sampled_from(RECEIPT_ALPHABET))
    assume(letter != code[position])

    assert not receipt_is_valid(code[:position] + letter + code[position + 1 :])


@given(codes, st.data())
def test_swapped_neighbours_are_found(code: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(code) - 3))
    assume(code[at] != code[at + 1])

    assert not receipt_is_valid(code[:at] + code[at + 1] + code[at] + code[at + 2 :])
