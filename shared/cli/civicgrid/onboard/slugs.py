"""Stable ASCII codes for names in any script."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from hashlib import sha256

_LONGEST = 48
_OTHER = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """``Street Lights`` becomes ``street-lights``; a name that loses letters gets a mark of it.

    The mark is drawn from the name itself, so that the same name always has the same code.
    """
    plain = unicodedata.normalize("NFKD", name.strip())
    kept = _OTHER.sub("-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    lossy = any(sign.isalnum() and not sign.isascii() for sign in plain)
    if kept and not lossy and len(kept) <= _LONGEST:
        return kept
    return f"{kept[:_LONGEST].strip('-')}-{_mark(name)}".lstrip("-")


def slugs(names: Iterable[str]) -> dict[str, str]:
    """A code for each name; names that would share one each get their mark."""
    wanted = {name: slug(name) for name in names}
    shared = Counter(wanted.values())
    return {
        name: code if shared[code] == 1 else f"{code}-{_mark(name)}"
        for name, code in wanted.items()
    }


def _mark(name: str) -> str:
    return "x" + sha256(name.strip().encode()).hexdigest()[:7]
