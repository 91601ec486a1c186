"""Texts in a workbook: what its XML cannot hold is written ``_xHHHH_`` (ST_Xstring, ECMA-376)."""

import re

EDGES = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters without width that come along when people copy, beside white space."""

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("(?<=_)x(?=[0-9A-Fa-f]{4})|x(?=005F)")  # openpyxl drops any x005F_
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def escape(text: str) -> str:
    """The text as it is written, so that ``unescape`` finds it again when edges are trimmed."""
    text = _LOOKS_ESCAPED.sub(lambda found: _code(found[0]), text)
    text = _ILLEGAL.sub(lambda found: _code(found[0]), text)
    if text and _is_edge(text[0]):
        text = _code(text[0]) + text[1:]
    if text and _is_edge(text[-1]):
        text = text[:-1] + _code(text[-1])
    return text


def unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def trim(text: str) -> str:
    """Without white space and characters of no width at its edges."""
    while text and (_is_edge(text[0]) or _is_edge(text[-1])):
        text = text.strip().strip(EDGES)
    return text


def _is_edge(character: str) -> bool:
    return character.isspace() or character in EDGES


def _code(character: str) -> str:
    return f"_x{ord(character):04X}_"
