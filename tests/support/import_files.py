"""Import files of any length with a known share of lines that are bad in ten ways."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from intake.domain.import_lines import Flaw

Line = dict[str, Any]
WORDS = "路口井盖不见了，canary-words，很危险。"


def good_line(ref: str, matter: str, point: Mapping[str, float], **change: Any) -> Line:
    contact = {"email": f"canary-{ref}@example.org"}
    return {"ref": ref, "matter": matter, "point": dict(point), "text": WORDS, "contact": contact,
            **change}  # fmt: skip


def _changed(**change: Any) -> Callable[[Line], bytes]:
    return lambda line: orjson.dumps({**line, **change})


def _without_ref(line: Line) -> bytes:
    return orjson.dumps({name: value for name, value in line.items() if name != "ref"})


WAYS: tuple[tuple[Flaw, Callable[[Line], bytes]], ...] = (
    (Flaw.NOT_JSON, lambda line: orjson.dumps(line)[:-1]),
    (Flaw.NOT_OBJECT, lambda line: orjson.dumps([line])),
    (Flaw.ENCODING, lambda line: orjson.dumps(line).replace("路".encode(), b"\xff\xfe")),
    (Flaw.TOO_LONG, lambda line: orjson.dumps({**line, "text": "x" * 70_000})),
    (Flaw.FIELD_MISSING, _without_ref),
    (Flaw.FIELD_UNKNOWN, _changed(reporter="张三 canary-name")),
    (Flaw.FIELD_INVALID, _changed(point={"lon": 113.6, "lat": 134.7})),
    (Flaw.FIELD_INVALID, _changed(contact={"email": "canary-no-address"})),
    (Flaw.NO_ZONE, _changed(reported_at="2026-01-05T09:12:00")),
    (Flaw.FUTURE, _changed(reported_at="2999-01-05T09:12:00+08:00")),
)
"""Ten ways in which a line is bad."""


@dataclass(frozen=True)
class Made:
    """An NDJSON file, the refs of its good lines, and what is wrong with which line."""

    content: bytes
    refs: tuple[str, ...]
    flaws: dict[int, Flaw]


def make(lines: int, matter: str, point: Mapping[str, float], *, prefix: str = "l") -> Made:
    """A file in which 3 lines of 100 are bad, in turn in each of the ten ways."""
    rows: list[bytes] = []
    refs: list[str] = []
    flaws: dict[int, Flaw] = {}
    for number in range(1, lines + 1):
        ref = f"{prefix}-{number}"
        line = good_line(ref, matter, point)
        if number % 100 in (13, 47, 80):
            flaw, broken = WAYS[len(flaws) % len(WAYS)]
            rows.append(broken(line))
            flaws[number] = flaw
        else:
            rows.append(orjson.dumps(line))
            refs.append(ref)
    return Made(b"\n".join(rows) + b"\n", tuple(refs), flaws)
