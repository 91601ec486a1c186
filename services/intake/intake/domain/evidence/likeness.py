"""When two photos are the same: 64-bit perceptual hashes that differ in a few bits only.

Fingerprints are found by bands of 16 bits. Two that differ in at most 7 bits have a band in which
they differ in at most one, so looking for each band with up to one bit turned finds them all.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from case_contracts.events.intake import Resemblance

NEAR = 6
"""Bits that may differ. Sending a photo through a messenger changes 0 to 4; two of different
places differ in about 32."""
MOST = 20
_BANDS, _BITS = 4, 16


@dataclass(frozen=True)
class Sighting:
    """Evidence that was there before."""

    evidence: str
    case: str | None
    digest: str
    fingerprint: str | None


def bands(fingerprint: str) -> list[str]:
    """The keys under which a fingerprint is kept."""
    return [f"{number}:{band:04x}" for number, band in enumerate(_split(fingerprint))]


def probes(fingerprint: str) -> list[str]:
    """The keys to look under for all that are near."""
    return [
        f"{number}:{band ^ turned:04x}"
        for number, band in enumerate(_split(fingerprint))
        for turned in (0, *(1 << bit for bit in range(_BITS)))
    ]


def distance(one: str, other: str) -> int:
    """How many bits differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def resemblances(
    digest: str, fingerprint: str | None, seen: Iterable[Sighting]
) -> tuple[Resemblance, ...]:
    """The same file or photo, the nearest first, at most 20."""
    found = (_compared(digest, fingerprint, each) for each in seen)
    same = {each.evidence: each for each in found if each is not None}
    return tuple(sorted(same.values(), key=lambda r: (r.distance, r.evidence))[:MOST])


def _compared(digest: str, fingerprint: str | None, seen: Sighting) -> Resemblance | None:
    exact = seen.digest == digest
    if exact:
        apart = 0
    elif fingerprint and seen.fingerprint:
        apart = distance(fingerprint, seen.fingerprint)
    else:
        return None
    if apart > NEAR:
        return None
    return Resemblance(evidence=seen.evidence, case=seen.case, distance=apart, exact=exact)


def _split(fingerprint: str) -> list[int]:
    width = _BITS // 4
    return [int(fingerprint[i * width : (i + 1) * width], 16) for i in range(_BANDS)]
