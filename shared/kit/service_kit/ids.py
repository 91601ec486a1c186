"""Ids: derived ones for what is made while handling, unguessable ones for people."""

import hashlib
import secrets
import uuid

NAMESPACE = uuid.UUID("6d1c1f0e-5f0b-5c5e-9f43-2f8f4d1d3c11")
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 12


def derived(*parts: str) -> str:
    """The same parts give the same id, on every attempt and replica."""
    said = NAMESPACE.bytes + "\x1f".join(parts).encode()
    return as_uuid5(hashlib.sha1(said, usedforsecurity=False).digest())


def as_uuid5(digest: bytes) -> str:
    """The first 16 bytes of a digest as a UUID of version 5 (RFC 9562), in half the time that
    ``uuid`` takes for it: a report needs five."""
    octets = bytearray(digest[:16])
    octets[6] = octets[6] & 0x0F | 0x50
    octets[8] = octets[8] & 0x3F | 0x80
    text = octets.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _check(letters: str) -> str:
    total = sum((i + 2) * RECEIPT_ALPHABET.index(c) for i, c in enumerate(letters))
    return RECEIPT_ALPHABET[total % len(RECEIPT_ALPHABET)]


def with_check_letter(letters: str) -> str:
    """A receipt code of these twelve letters of the alphabet."""
    return letters + _check(letters)


def new_receipt() -> str:
    """A receipt code for a reporter: about 59 random bits and a check letter."""
    return with_check_letter(
        "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH))
    )


def receipt_is_valid(code: str) -> bool:
    """Whether the check letter fits; finds every single wrong letter and swapped neighbour."""
    body, check = code[:-1], code[-1:]
    known = len(code) == RECEIPT_LENGTH + 1 and all(c in RECEIPT_ALPHABET for c in code)
    return known and _check(body) == check
