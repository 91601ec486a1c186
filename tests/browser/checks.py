"""What holds on every page: axe-core, the width of the screen, one language."""

import re

from tests.browser.visit import Visit

CJK = re.compile(r"[一-鿿]")
LATIN = re.compile(r"[A-Za-z]{2,}")
NOT_WORDS = re.compile(
    r"[0-9A-Z]{4}(-[0-9A-Z]{4,5}){2}"  # a receipt
    r"|\S+@\S+|canary"
    r"|\b[a-z]+:[0-9a-f-]{36}\b|\bp-\d+\b"  # ids
)
KNOWN_LATIN = {"English", "Cookie", "MB", "JPEG", "PNG", "WebP", "HEIC"}


async def check(visit: Visit, step: str, *, besides: frozenset[str] = frozenset()) -> None:
    """Nothing serious for axe-core, nothing wider than the screen, no other language; ``besides``
    are words that people wrote, in whatever language."""
    found, wider = await visit.findings(), await visit.overflow()
    assert found == [], (step, found)
    assert wider <= 0, (step, wider)
    words = await visit.words()
    for each in sorted(besides, key=len, reverse=True):  # one can be part of another
        words = words.replace(each, "")
    words = NOT_WORDS.sub("", words)
    if visit.look.startswith("zh"):
        strange = set(LATIN.findall(words)) - KNOWN_LATIN
    else:
        strange = set(CJK.findall(words.replace("中文", "")))
    assert strange == set(), (step, strange)
