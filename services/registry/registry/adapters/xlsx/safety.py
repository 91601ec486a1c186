"""Opening a workbook that a stranger sent: nothing is unpacked or computed beyond measure."""

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from case_contracts.district import DistrictError, Origin
from registry.adapters.xlsx.places import FILE

MOST_BYTES, MOST_PARTS, MOST_ROWS, MOST_COLUMNS, LAST_ROW = 32 * 1024**2, 300, 5000, 60, 1_048_576
"""Unpacked bytes; parts of the archive; rows with something in them; columns that are read."""


class Unreadable(Exception):
    """The file is no workbook, or too large a one."""

    def __init__(self, code: str, message: str, hint: str, place: str = FILE) -> None:
        super().__init__(message)
        self.error = DistrictError(code=code, origin=Origin(file=place), message=message, hint=hint)


@dataclass(frozen=True)
class Cell:
    """``kind`` is openpyxl's: ``f`` a formula, ``e`` an error, ``d`` a date."""

    place: str
    value: Any
    kind: str


@dataclass(frozen=True)
class Sheet:
    """The rows that hold something, each with its number and its cells by column number;
    ``merged`` are the bounds of merged cells (first column and row, last column and row)."""

    name: str
    rows: list[tuple[int, dict[int, Cell]]]
    merged: list[tuple[int, int, int, int]]

    def place(self, column: int, row: int) -> str:
        return f"{self.name}!{get_column_letter(column)}{row}"


def open_sheets(data: bytes, wanted: Callable[[str], bool]) -> list[Sheet]:
    """The sheets whose names are wanted, in their order; raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_size(archive)
            return list(_sheets(archive, data, wanted))
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever its parts raise on what is no workbook
        raise Unreadable(
            "not_xlsx", f"this is no XLSX workbook ({type(error).__name__})",
            "save it as .xlsx, without a password",
        ) from error  # fmt: skip


def _check_size(archive: zipfile.ZipFile) -> None:
    """By what the archive says of itself: no more than that is ever unpacked."""
    parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or size > MOST_BYTES:
        raise Unreadable(
            "workbook_too_large",
            f"unpacked it has {len(parts)} parts of together {size} bytes",
            f"at most {MOST_PARTS} parts and {MOST_BYTES} bytes: remove pictures and other sheets",
        )


def _sheets(
    archive: zipfile.ZipFile, data: bytes, wanted: Callable[[str], bool]
) -> Iterator[Sheet]:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    try:
        for sheet in workbook.worksheets:
            name = str(sheet.title)
            if not wanted(name):
                continue
            path: str = vars(sheet)["_worksheet_path"]  # said nowhere else in read-only mode
            yield Sheet(name, list(_rows(sheet, name)), list(_merged(archive, path)))
    finally:
        workbook.close()


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, dict[int, Cell]]]:
    found, gap = 0, None
    rows = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS)
    for number, cells in enumerate(rows, 1):
        if cells is gap:
            continue
        filled = {
            column: Cell(f"{name}!{get_column_letter(column)}{number}", c.value, c.data_type)
            for column, c in enumerate(cells, 1)
            if c.value is not None
        }
        if not filled:
            gap = cells  # openpyxl gives one and the same for every row that is not in the file
            continue
        found += 1
        if found > MOST_ROWS:
            raise Unreadable(
                "too_many_rows", f"sheet {name} has more than {MOST_ROWS} rows",
                "remove what does not belong there", f"{name}!A{number}",
            )  # fmt: skip
        yield number, filled


def _merged(archive: zipfile.ZipFile, path: str) -> Iterator[tuple[int, int, int, int]]:
    found = 0
    with archive.open(path) as part:
        for _, node in iterparse(part):
            if node.tag.endswith("}mergeCell"):
                found += 1
                if found > MOST_ROWS:
                    raise Unreadable("merged_cells", "cells are merged in too many places",
                                     "unmerge all cells and fill in each")  # fmt: skip
                first, top, last, bottom = range_boundaries(node.attrib["ref"])
                yield first or 1, top or 1, last or MOST_COLUMNS, bottom or LAST_ROW
            node.clear()
