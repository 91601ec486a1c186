"""What a cell says: a text, a code, a number, a unit, yes or no; repaired where that is safe."""

import math
import re
import unicodedata
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from typing import Any

from registry.adapters.xlsx.columns import NO, UNIT_WORDS, UNITS, YES
from registry.adapters.xlsx.escape import trim, unescape
from registry.adapters.xlsx.notes import Notes
from registry.adapters.xlsx.safety import Cell

_NUMBER = re.compile(r"^[0-9]+(\.[0-9]+)?(e-[0-9]+)?$")
_DATES = date | time | timedelta | datetime
_PARTS = re.compile(r"[;；,，、\n]")


class Cells:
    """Reads cells; what cannot be read is noted with its place, and answered with None."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def text(self, cell: Cell | None) -> str | None:
        """A label as people see it; None where there is nothing."""
        if cell is None or not self._plain(cell):
            return None
        if isinstance(cell.value, bool | _DATES):
            self._notes.error("text_expected", cell.place,
                              f"{cell.value} was made a date or a truth value by the spreadsheet",
                              "format the cell as text and write it again")  # fmt: skip
            return None
        if isinstance(cell.value, int | float):
            return self._number_as_text(cell)
        return unescape(self._trimmed(cell)) or None

    def code(self, cell: Cell | None) -> str | None:
        """A text for programs: full-width letters and digits are made plain ones."""
        found = self.text(cell)
        plain = plain_width(found or "")
        if cell is not None and found and plain != found:
            self._notes.repair("full_width", cell.place,
                               f"{found!r} was read as {plain!r}",
                               "write it with plain characters")  # fmt: skip
        return plain or None

    def number(self, cell: Cell | None) -> float | None:
        """An amount; None where there is nothing."""
        if cell is None or not self._plain(cell):
            return None
        value: Any = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return value
        plain = plain_width(self._trimmed(cell)) if isinstance(value, str) else ""
        if not _NUMBER.match(plain):
            self._notes.error("number_unclear", cell.place, f"{value!s:.60} is no number",
                              "write the number alone, and its unit beside it")  # fmt: skip
            return None
        self._notes.repair("number_as_text", cell.place, f"the text {value!r} was read as {plain}",
                           "format the cell as a number")  # fmt: skip
        return int(plain) if plain.isdigit() else float(plain)

    def unit(self, cell: Cell | None) -> str | None:
        """The code of a limit's unit, from its Chinese or English word."""
        found = self.text(cell)
        if cell is None or found is None:
            return None
        word = re.sub(r"\s+", " ", plain_width(found)).lower()
        unit = UNIT_WORDS.get(word) or UNIT_WORDS.get(word.replace(" ", "_"))
        if unit is None:
            known = ", ".join(f"{unit} ({words[0]})" for unit, words in UNITS.items())
            near = get_close_matches(word, list(UNIT_WORDS), 1)
            hint = f"did you mean {near[0]}? " if near else ""
            self._notes.error("unit_unknown", cell.place, f"{found:.60} is no unit",
                              f"{hint}the units are {known}")  # fmt: skip
        return unit.value if unit else None

    def yes(self, cell: Cell | None) -> bool:
        """Whether it says yes; nothing says no."""
        if cell is not None and isinstance(cell.value, bool):
            return cell.value
        found = self.text(cell)
        word = plain_width(found or "").lower()
        if cell is not None and word and word not in YES + NO:
            self._notes.error("yes_unclear", cell.place, f"{found:.60} is neither yes nor no",
                              "write yes (是), or nothing")  # fmt: skip
        return word in YES

    def several(self, cell: Cell | None) -> list[str]:
        """Codes parted by semicolons or commas."""
        found = self.code(cell) or ""
        return [part for each in _PARTS.split(found) if (part := trim(each))]

    def _plain(self, cell: Cell) -> bool:
        if cell.kind == "f":
            self._notes.error("formula", cell.place, "a formula stands here; it is not computed",
                              "copy the cell and paste its value in its place")  # fmt: skip
        elif cell.kind == "e":
            self._notes.error("cell_error", cell.place, f"the spreadsheet says {cell.value} here",
                              "write the value")  # fmt: skip
        else:
            return True
        return False

    def _trimmed(self, cell: Cell) -> str:
        text = str(cell.value)
        found = trim(text)
        if found != text:
            self._notes.repair("stray_spaces", cell.place,
                               f"spaces around {found[:60]!r} were left out",
                               "remove them")  # fmt: skip
        return found

    def _number_as_text(self, cell: Cell) -> str:
        value = cell.value
        found = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        self._notes.repair("number_for_text", cell.place, f"the number {found} was read as text",
                           "format the cell as text")  # fmt: skip
        return found


def plain_width(text: str) -> str:
    return trim(unicodedata.normalize("NFKC", text))
