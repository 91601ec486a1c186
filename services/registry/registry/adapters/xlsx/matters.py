"""Rows of conditions become matters: neighbouring rows of one code are one matter."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from registry.adapters.xlsx.cells import Cells
from registry.adapters.xlsx.notes import Notes
from registry.adapters.xlsx.places import Places
from registry.adapters.xlsx.table import Row

UNREAD = "?"
"""In place of what was noted as wrong already, so that all the rest is still looked at."""


@dataclass
class Matter:
    """A matter as it grows row by row; ``parts`` are the numbers of its cells by path."""

    value: dict[str, Any]
    parts: dict[str, int] = field(default_factory=dict)


class Matters:
    """Takes the rows in their order."""

    def __init__(self, notes: Notes, places: Places) -> None:
        self._notes, self._places, self._cells = notes, places, Cells(notes)
        self.found: list[Matter] = []
        self._first: dict[str, str] = {}

    def take(self, rows: Iterable[Row]) -> None:
        for row in rows:
            matter = self._matter(row)
            if matter is not None:
                self._condition(row, matter)

    def parts(self) -> dict[str, int]:
        """The numbers of all cells by their paths in the standard."""
        return {
            f"matters.{n}" + (f".{path}" if path else ""): number
            for n, matter in enumerate(self.found)
            for path, number in matter.parts.items()
        }

    def _matter(self, row: Row) -> Matter | None:
        place = row.places["matter"]
        code = self._cells.code(row.cells.get("matter"))
        if code is None:
            if "matter" not in row.cells:
                self._notes.error("cell_empty", place, "the row names no matter",
                                  "write the matter's code in each of its rows")  # fmt: skip
            return None
        last = self.found[-1] if self.found else None
        if last is not None and last.value["code"] == code:
            self._same_names(row, last)
            return last
        if code in self._first:
            self._notes.error("matter_twice", place,
                              f"matter {code} began in {self._first[code]} already, with other"
                              " matters in between",
                              "move the rows of one matter together")  # fmt: skip
            return None
        self._first[code] = place
        self.found.append(self._begun(row, code))
        return self.found[-1]

    def _begun(self, row: Row, code: str) -> Matter:
        number = self._places.number
        names = {lang: self._required(row, f"matter_{lang}") for lang in ("zh", "en")}
        value = {"code": code, "matter_class": code.partition("/")[0], "name": names,
                 "conditions": []}  # fmt: skip
        parts = {"": number(row.places["matter"])}
        parts["code"] = parts["matter_class"] = parts[""]
        parts |= {f"name.{lang}": number(row.places[f"matter_{lang}"]) for lang in names}
        return Matter(value, parts)

    def _same_names(self, row: Row, matter: Matter) -> None:
        for lang, name in matter.value["name"].items():
            given = self._cells.text(row.cells.get(f"matter_{lang}"))
            if given is not None and UNREAD != name != given:
                self._notes.error("matter_name_differs", row.places[f"matter_{lang}"],
                                  f"{matter.value['code']} is called {given!r} here, and {name!r}"
                                  " in its first row",
                                  "write the same name, or nothing")  # fmt: skip

    def _condition(self, row: Row, matter: Matter) -> None:
        cells, number = self._cells, self._places.number
        n = len(matter.value["conditions"])
        code = cells.code(row.cells.get("condition"))
        if code is None and "condition" not in row.cells:
            self._empty(row, "condition")
        value: dict[str, Any] = {
            "code": code or "unread",
            "name": {lang: self._required(row, f"condition_{lang}") for lang in ("zh", "en")},
            "closing": {lang: self._required(row, f"closing_{lang}") for lang in ("zh", "en")},
            "evidence": cells.several(row.cells.get("evidence")),
            "urgent": cells.yes(row.cells.get("urgent")),
        }
        paths = {"": "condition", "code": "condition", "name.zh": "condition_zh",
                 "name.en": "condition_en", "closing.zh": "closing_zh",
                 "closing.en": "closing_en", "evidence": "evidence", "urgent": "urgent",
                 "handle.amount": "handle_amount", "verify.amount": "verify_amount"}  # fmt: skip
        for limit in ("handle", "verify"):
            found = self._limit(row, limit)
            if found is not None:
                value[limit] = found
        matter.value["conditions"].append(value)
        for path, key in paths.items():
            where = f"conditions.{n}" + (f".{path}" if path else "")
            matter.parts[where] = number(row.places[key])
        if cells.yes(row.cells.get("default")):
            self._default(row, matter, value["code"])

    def _default(self, row: Row, matter: Matter, code: str) -> None:
        if "default_condition" in matter.value:
            self._notes.error("default_twice", row.places["default"],
                              f"{matter.value['code']} has two default conditions",
                              "leave yes in one row of the matter")  # fmt: skip
        matter.value["default_condition"] = code
        matter.parts["default_condition"] = self._places.number(row.places["default"])

    def _limit(self, row: Row, name: str) -> dict[str, Any] | None:
        keys = {part: f"{name}_{part}" for part in ("amount", "unit")}
        amount = self._cells.number(row.cells.get(keys["amount"]))
        unit = self._cells.unit(row.cells.get(keys["unit"]))
        for part, key in keys.items():
            other = keys["unit" if part == "amount" else "amount"]
            if key not in row.cells and other in row.cells:
                self._notes.error("limit_incomplete", row.places[key],
                                  f"{other} is filled in, but {key} is not",
                                  "fill in both, or leave both empty")  # fmt: skip
        return None if amount is None or unit is None else {"amount": amount, "unit": unit}

    def _required(self, row: Row, key: str) -> str:
        found = self._cells.text(row.cells.get(key))
        if found is None and key not in row.cells:
            self._empty(row, key)
        return found or UNREAD

    def _empty(self, row: Row, key: str) -> None:
        self._notes.error("cell_empty", row.places[key], f"{key} is empty", "fill it in")
