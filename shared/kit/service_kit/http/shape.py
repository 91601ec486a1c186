"""The shape of a JSON body, before anything is made of it: how deep, and how many keys.

Deeper than anything we take is somebody's try at a parser's stack; more keys than fit are a try
at its time. Ordinary bodies pass by three counts in C.
"""

import re

from service_kit.http.problems import CodedHTTPException

MOST_DEEP = 20
BYTES_PER_KEY = 32
LEAST_KEYS = 2_000
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
"""Ends at the body's end where a quote is missing, so that no text is looked through twice."""
_BRACKET = re.compile(rb"[\[\]{}]")


def judge_json(body: bytes, limit: int) -> None:
    """Raises CodedHTTPException (422) for a body that is nested deeper than 20 or has more keys
    than one in 32 bytes of what this route takes at most."""
    most_keys = max(LEAST_KEYS, limit // BYTES_PER_KEY)
    opening, colons = body.count(b"[") + body.count(b"{"), body.count(b":")
    if opening <= MOST_DEEP and colons <= most_keys:
        return
    bare = _STRING.sub(b"", body)
    if bare.count(b":") > most_keys:
        raise CodedHTTPException(422, "too_many_keys", f"the JSON has more than {most_keys} keys")
    if _too_deep(bare):
        raise CodedHTTPException(
            422, "too_deep", f"the JSON is nested deeper than {MOST_DEEP} levels"
        )


def _too_deep(bare: bytes) -> bool:
    depth = 0
    for found in _BRACKET.finditer(bare):
        depth += 1 if found[0] in b"[{" else -1
        if depth > MOST_DEEP:
            return True
    return False
