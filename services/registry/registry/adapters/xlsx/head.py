"""The sheet with the head: a row each for the standard's id, version, calendar and beginning."""

from datetime import datetime
from typing import Any

from registry.adapters.xlsx.cells import Cells
from registry.adapters.xlsx.columns import HEAD_ROWS
from registry.adapters.xlsx.notes import Notes
from registry.adapters.xlsx.places import Places
from registry.adapters.xlsx.safety import Cell, Sheet

KEY, VALUE = 1, 2


def read_head(
    sheet: Sheet, notes: Notes, places: Places
) -> tuple[dict[str, Any] | None, dict[str, int]]:
    """The head's fields, and the number of each one's cell; None where one cannot be read."""
    before = len(notes.errors)
    for _, top, last, bottom in sheet.merged:
        notes.error("merged_cells", sheet.place(KEY, top),
                    f"cells are merged from here to {sheet.place(last, bottom)}",
                    "unmerge them: a row has its name in A and its value in B")  # fmt: skip
    cells = _values(sheet, notes)
    reader = Cells(notes)
    for row in HEAD_ROWS:
        if row.key not in cells:
            notes.error("row_missing", sheet.place(KEY, 1), f"row {row.header!r} is missing",
                        f"add a row with {row.key} in column A: {row.help_en}")  # fmt: skip
    versions = {key: reader.number(cells.get(key)) for key in ("version", "calendar_version")}
    since = _since(cells.get("valid_from"), notes, reader)
    names = {key: reader.code(cells.get(key)) for key in ("standard", "calendar")}
    if len(notes.errors) > before:
        return None, {}
    numbers = {key: places.number(cell.place) for key, cell in cells.items()}
    head = {
        "standard": names["standard"],
        "version": versions["version"],
        "calendar": {"id": names["calendar"], "version": versions["calendar_version"]},
        "valid_from": since,
    }
    parts = {key: numbers[key] for key in ("standard", "version", "calendar", "valid_from")}
    return head, parts | {
        "calendar.id": numbers["calendar"], "calendar.version": numbers["calendar_version"]
    }  # fmt: skip


def _values(sheet: Sheet, notes: Notes) -> dict[str, Cell]:
    """The filled cells in column B by the key in column A."""
    known = {label: row.key for row in HEAD_ROWS for label in (row.key, row.zh)}
    found: dict[str, Cell] = {}
    for number, cells in sheet.rows:
        label = cells.get(KEY)
        words = str(label.value).split() if label else []
        key = next((known[word] for word in words if word in known), None)
        if key is None:
            continue
        if VALUE not in cells:
            notes.error("cell_empty", sheet.place(VALUE, number), f"{key} is empty", "fill it in")
        elif key in found:
            notes.error("row_twice", sheet.place(KEY, number), f"{key} stands twice", "remove one")
        found[key] = cells.get(VALUE, Cell(sheet.place(VALUE, number), None, "n"))
    return found


def _since(cell: Cell | None, notes: Notes, reader: Cells) -> str | None:
    if cell is not None and isinstance(cell.value, datetime):
        notes.error("zone_missing", cell.place, "a date of the spreadsheet has no time zone",
                    f"write it as text with its zone: {cell.value.isoformat()}+08:00")  # fmt: skip
        return None
    return reader.code(cell)
