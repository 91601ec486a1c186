"""Bodies of requests to the registry of the small district."""

import io
from typing import Any

import openpyxl

from tests.unit.registry.small import bundle

JUNE, LATER = "2036-06-01T00:00:00+08:00", "2037-06-01T00:00:00+08:00"
WHY = {"reason": "decision 31"}
BASIS = {"legal_basis": "list 2036, no. 3"}
TWO = {"approved_by": ["p-1", "p-2"]}


def ring(west: float, east: float, south: float = 34, north: float = 35) -> dict[str, Any]:
    points = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [points]}


def names(word: str) -> dict[str, str]:
    return {"zh": word, "en": word}


def part(grid: str, west: float, east: float) -> dict[str, Any]:
    return {"grid": grid, "name": names(grid), "geometry": ring(west, east)}


def charter(name: str) -> dict[str, Any]:
    return {
        "charter": f"charter:{name}", "department": "roads", "matters": ["event/*"],
        "grid": "41", "role": "support", "powers": ["inspect"], "valid_from": JUNE, **BASIS,
    }  # fmt: skip


def posting(number: int, grid: str = "4101", person: str | None = None) -> dict[str, Any]:
    return {"posting": f"posting:{grid}:extra:{number}", "person": person or f"p-10{number}",
            "role": "deputy", "grid": grid, "valid_from": "2026-02-01T00:00:00Z"}  # fmt: skip


def group(number: int) -> dict[str, Any]:
    return {"group": f"contact_group:410101:{number}", "grid": "410101", "person": "p-3",
            "households": 18, **WHY}  # fmt: skip


def secondment(number: int) -> dict[str, Any]:
    return {"secondment": f"secondment:roads:{number}", "person": f"p-20{number}",
            "department": "roads", "grid": "4101", "powers": ["repair"], "valid_to": LATER,
            **BASIS, **TWO, **WHY}  # fmt: skip


def standard(version: int) -> dict[str, Any]:
    payload: dict[str, Any] = bundle().standard.value
    return {**payload, "version": version, "valid_from": f"20{30 + version}-01-01T00:00:00Z"}


def household() -> dict[str, Any]:
    return {"grid": "410101", "address": "12 Beijie", "consented_at": "2026-02-01T00:00:00Z",
            "valid_to": "2028-01-01T00:00:00Z"}  # fmt: skip


NEED = {"kind": "lives-alone", "purpose": "weekly visit", "valid_to": "2027-12-01T00:00:00Z"}


def workbook(content: bytes, version: int) -> bytes:
    """The exported standard as another version."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Head"]["B2"] = version
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
