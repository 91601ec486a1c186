"""The sheet of conditions as rows by column key: headers found, merged cells dealt with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.adapters.xlsx.cells import plain_width
from registry.adapters.xlsx.columns import COLUMNS
from registry.adapters.xlsx.notes import Notes
from registry.adapters.xlsx.safety import Cell, Sheet

OF_MATTER = ("matter", "matter_zh", "matter_en")
"""What may be merged over the rows of one matter: it is the same in all of them."""


@dataclass(frozen=True)
class Row:
    """One row's filled cells by column key, and where those would stand that are not filled."""

    number: int
    cells: Mapping[str, Cell]
    places: Mapping[str, str]


def rows(sheet: Sheet, notes: Notes) -> Iterator[Row]:
    """The rows below the headers; nothing where a header is missing."""
    first = next((cells for number, cells in sheet.rows if number == 1), {})
    columns = _columns(sheet, first, notes)
    from_above = _merged(sheet, columns, notes)
    if len(columns) < len(COLUMNS):
        return
    by_number = dict(sheet.rows)
    for number, cells in sheet.rows:
        if number == 1:
            continue
        found = {key: cells[column] for key, column in columns.items() if column in cells}
        for key, (top, column) in from_above.get(number, {}).items():
            above = by_number.get(top, {}).get(column)
            if above is not None and found:
                found[key] = above
        if found:
            places = {key: sheet.place(column, number) for key, column in columns.items()}
            yield Row(number, found, places)


def _columns(sheet: Sheet, header: Mapping[int, Cell], notes: Notes) -> dict[str, int]:
    known = {word: column.key for column in COLUMNS for word in (column.key, column.header)}
    known |= {column.zh: column.key for column in COLUMNS}
    found: dict[str, int] = {}
    for number, cell in sorted(header.items()):
        text = plain_width(str(cell.value))
        key = known.get(text) or known.get(text.split()[0].lower() if text else "")
        if key is None:
            notes.repair("column_unknown", cell.place, f"column {text[:60]!r} was not read",
                         "correct its header, if it was meant to be")  # fmt: skip
        elif key in found:
            notes.error("column_twice", cell.place, f"column {key} stands twice", "remove one")
        else:
            found[key] = number
    free = max(header, default=0) + 1
    for column in COLUMNS:
        if column.key not in found:
            notes.error("column_missing", sheet.place(free, 1),
                        f"column {column.header!r} is missing; headers stand in row 1",
                        f"add it: {column.help_en}")  # fmt: skip
    return found


def _merged(
    sheet: Sheet, columns: Mapping[str, int], notes: Notes
) -> dict[int, dict[str, tuple[int, int]]]:
    """For each row the columns whose value stands elsewhere (row, column), in merged cells."""
    keys = {column: key for key, column in columns.items()}
    found: dict[int, dict[str, tuple[int, int]]] = {}
    for first, top, last, bottom in sheet.merged:
        key, place = keys.get(first), sheet.place(first, top)
        if first == last and key in OF_MATTER and top > 1:
            notes.repair("merged_cells", place,
                         f"{key} was read for all rows down to {bottom}, which are merged",
                         "unmerge them and fill in each")  # fmt: skip
        else:
            notes.error("merged_cells", place,
                        f"cells are merged from here to {sheet.place(last, bottom)}",
                        "unmerge them and fill in each; only a matter's code and names may be"
                        " merged over its rows")  # fmt: skip
        inside = [key for column, key in keys.items() if first <= column <= last]
        for number, _ in sheet.rows:
            if top <= number <= bottom:
                found.setdefault(number, {}).update(dict.fromkeys(inside, (top, first)))
    return found
