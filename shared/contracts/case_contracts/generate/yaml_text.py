"""JSON values as YAML 1.2 in block style: just what a generated document needs.

Own code because this package depends on pydantic alone. Texts are written as JSON strings,
which YAML reads alike; only plain words and texts of several lines go without quotation marks.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*")
_TAKEN_FOR_SOMETHING_ELSE = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


def to_yaml(value: Any) -> str:
    """The document as YAML; raises TypeError or ValueError for what JSON does not know."""
    return "\n".join(_lines(value)) + "\n"


def _lines(value: Any) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield from _mapping(value)
    elif isinstance(value, list | tuple) and value:
        yield from _sequence(value)
    else:
        yield _scalar(value)


def _mapping(value: dict[str, Any]) -> Iterator[str]:
    for key, item in value.items():
        if isinstance(item, dict | list | tuple) and item:
            yield f"{_scalar(key)}:"
            yield from _indented(_lines(item))
        elif isinstance(item, str) and _reads_well_as_a_block(item):
            yield f"{_scalar(key)}: |-"
            yield from _indented(item.split("\n"))
        else:
            yield f"{_scalar(key)}: {_scalar(item)}"


def _sequence(value: Iterable[Any]) -> Iterator[str]:
    for item in value:
        first, *rest = _lines(item)
        yield f"- {first}"
        yield from _indented(rest)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" if line else "" for line in lines)


def _reads_well_as_a_block(text: str) -> bool:
    lines = text.split("\n")
    whole = all(line.isprintable() and line == line.strip() for line in lines)
    return len(lines) > 1 and whole and bool(lines[0] and lines[-1])


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _is_plain(value):
        return value
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in text)


def _is_plain(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text)) and text.lower() not in _TAKEN_FOR_SOMETHING_ELSE
