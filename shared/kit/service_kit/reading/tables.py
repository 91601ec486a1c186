"""The CSV files of a district: post-holders and portfolios."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from case_contracts.district import Item, Origin, Raw
from service_kit.reading.problems import Problems
from service_kit.reading.shifts import parse_shifts, write_shifts

Cell = Callable[[str], Any]

POSTINGS = "postings.csv"
PORTFOLIOS = "portfolios.csv"


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


COLUMNS: dict[str, dict[str, Cell]] = {
    POSTINGS: {
        "posting": str,
        "person": str,
        "role": str,
        "grid": str,
        "accountable": _boolean,
        "shifts": parse_shifts,
        "valid_from": str,
        "valid_to": str,
    },
    PORTFOLIOS: {
        "portfolio": str,
        "person": str,
        "departments": str.split,
        "matters": str.split,
        "grid": str,
        "valid_from": str,
        "valid_to": str,
    },
}
_OPTIONAL = {"accountable", "shifts", "departments", "matters", "valid_from", "valid_to"}


def read_table(text: str, file: str, problems: Problems) -> list[Raw]:
    """The rows of ``postings.csv`` or ``portfolios.csv``; an empty cell is left out."""
    columns = COLUMNS[file]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if not _header_fits(header, file, columns, problems):
            return []
        return list(_rows(reader, header, file, columns, problems))
    except csv.Error as error:
        problems.add("csv_invalid", file, reader.line_num, f"not CSV: {error}", "correct the line")
        return []


def _header_fits(
    header: list[str], file: str, columns: dict[str, Cell], problems: Problems
) -> bool:
    known = ", ".join(columns)
    before = len(problems.found)
    for column in columns:
        if column not in header and column not in _OPTIONAL:
            problems.add("column_missing", file, 1, f"column {column} is missing", "add it")
    for column in header:
        if column not in columns:
            hint = f"the columns are {known}"
            problems.add("column_unknown", file, 1, f"column {column!r} is not known", hint)
    return len(problems.found) == before


def _rows(
    reader: Iterator[list[str]],
    header: list[str],
    file: str,
    columns: dict[str, Cell],
    problems: Problems,
) -> Iterator[Raw]:
    lines = _numbered(reader)
    for line, row in lines:
        if len(row) != len(header):
            said = f"{len(row)} cells where the header has {len(header)}"
            problems.add("csv_cells", file, line, said, "add or remove commas")
            continue
        value: dict[str, Any] = {}
        for column, cell in zip(header, row, strict=True):
            try:
                if cell:
                    value[column] = columns[column](cell)
            except ValueError as error:
                problems.add("cell_invalid", file, line, f"{column}: {error}", "correct the cell")
        yield Item(origin=Origin(file=file, line=line), value=value)


def _numbered(reader: Any) -> Iterator[tuple[int, list[str]]]:
    line = reader.line_num + 1
    for row in reader:
        if row:
            yield line, row
        line = reader.line_num + 1


def write_table(file: str, items: list[Raw]) -> str:
    """The text of a CSV file with these items' values, in their order."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[file])
    for item in items:
        writer.writerow([_cell(column, item.value.get(column)) for column in COLUMNS[file]])
    return out.getvalue()


def _cell(column: str, value: Any) -> str:
    if value is None:
        return ""
    if column == "shifts":
        return write_shifts(value)
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else " ".join(value)
