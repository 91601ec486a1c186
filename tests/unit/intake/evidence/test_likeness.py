"""Near fingerprints are always found, far ones never taken for the same."""

from hypothesis import given
from hypothesis import strategies as st

from intake.domain.evidence.likeness import (
    MOST,
    NEAR,
    Sighting,
    bands,
    distance,
    probes,
    resemblances,
)

PRINTS = st.integers(0, 2**64 - 1)
BITS = st.integers(0, 63)


def text(number: int) -> str:
    return f"{number:016x}"


@given(PRINTS, st.sets(BITS, max_size=7))
def test_one_that_differs_in_up_to_seven_bits_has_a_band_that_is_looked_under(
    number: int, turned: set[int]
) -> None:
    other = number
    for bit in turned:
        other ^= 1 << bit

    assert distance(text(number), text(other)) == len(turned)
    assert set(bands(text(other))) & set(probes(text(number)))


def test_bands_keep_where_they_stand() -> None:
    assert bands("0000000000000001") == ["0:0000", "1:0000", "2:0000", "3:0001"]
    assert len(set(probes(text(5)))) == 4 * 17


def seen(evidence: str, digest: str = "d", print_: str | None = None) -> Sighting:
    return Sighting(evidence, f"case:{evidence}", digest, print_)


def test_the_same_file_is_the_same_with_and_without_a_fingerprint() -> None:
    found = resemblances("d", None, [seen("a"), seen("b", "other")])

    assert [(r.evidence, r.case, r.distance, r.exact) for r in found] == [("a", "case:a", 0, True)]


def test_a_near_photo_is_the_same_and_a_far_one_is_not() -> None:
    near, far = text((1 << NEAR) - 1), text((1 << (NEAR + 1)) - 1)
    others = [
        seen("far", "x", far),
        seen("near", "y", near),
        seen("none", "z"),
        seen("near", "y", near),
    ]

    found = resemblances("d", text(0), others)

    assert [(r.evidence, r.distance, r.exact) for r in found] == [("near", NEAR, False)]


def test_the_nearest_come_first_and_few_of_them() -> None:
    found = resemblances("d", text(0), [seen(f"e{n:02}", "x", text(n % 8)) for n in range(40)])

    assert len(found) == MOST
    assert [r.distance for r in found] == sorted(r.distance for r in found)
