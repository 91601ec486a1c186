"""A published standard as a workbook to read, to edit and to import as the next version."""

import io
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from case_contracts.events.registry import Condition, StandardMatter, StandardPublished
from case_contracts.values import Limit
from registry.adapters.xlsx.columns import COLUMNS, CONDITIONS, HEAD, HEAD_ROWS, NOTES, UNITS
from registry.adapters.xlsx.escape import escape
from registry.adapters.xlsx.safety import MOST_ROWS

_BOLD, _FILL = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
_WRAP = Alignment(wrap_text=True, vertical="top")
_DIGITS = 15
"""Of a number in a workbook; what needs more is written as text."""
_RISKY = ("=", "+", "-", "@")


def write_standard(standard: StandardPublished) -> bytes:
    """XLSX bytes; imported again unchanged they are the same standard."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet = workbook.create_sheet(CONDITIONS)
    _row(sheet, 1, [column.header for column in COLUMNS])
    _bold(sheet, 1, len(COLUMNS))
    for number, values in enumerate(_conditions(standard), 2):
        _row(sheet, number, values)
    _shape(sheet)
    _head(workbook.create_sheet(HEAD), standard)
    _notes(workbook.create_sheet(NOTES))
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def _conditions(standard: StandardPublished) -> Iterator[list[Any]]:
    for matter in standard.matters:
        for condition in matter.conditions:
            yield _condition(matter, condition)


def _condition(matter: StandardMatter, condition: Condition) -> list[Any]:
    default = matter.default_condition == condition.code
    return [
        matter.code, matter.name.zh, matter.name.en,
        condition.code, condition.name.zh, condition.name.en, "yes" if default else None,
        *_limit(condition.handle), *_limit(condition.verify),
        condition.closing.zh, condition.closing.en, "; ".join(condition.evidence) or None,
        "yes" if condition.urgent else None,
    ]  # fmt: skip


def _limit(limit: Limit | None) -> tuple[float | str | None, str | None]:
    if limit is None:
        return None, None
    exact = float(f"{limit.amount:.{_DIGITS}g}") == limit.amount
    return limit.amount if exact else repr(limit.amount), limit.unit.value


def _head(sheet: Any, standard: StandardPublished) -> None:
    values = {
        "standard": standard.standard,
        "version": standard.version,
        "calendar": standard.calendar.id,
        "calendar_version": standard.calendar.version,
        "valid_from": standard.valid_from.isoformat(),
    }
    for number, row in enumerate(HEAD_ROWS, 1):
        _row(sheet, number, [row.header, values[row.key], f"{row.help_zh} / {row.help_en}"])
        sheet.cell(number, 1).font = _BOLD
    for column, width in zip("ABC", (28, 34, 70), strict=True):
        sheet.column_dimensions[column].width = width


def _notes(sheet: Any) -> None:
    """What each column means, and the words for units; not read on import."""
    lines = [("column 列", "中文", "English")]
    lines += [(column.header, column.help_zh, column.help_en) for column in COLUMNS]
    lines += [("unit 单位", "中文", "also read as")]
    lines += [(unit.value, words[0], ", ".join(words[1:])) for unit, words in UNITS.items()]
    for number, line in enumerate(lines, 1):
        _row(sheet, number, list(line))
    _bold(sheet, 1, 3)
    for column, width in zip("ABC", (28, 44, 60), strict=True):
        sheet.column_dimensions[column].width = width


def _row(sheet: Any, number: int, values: list[Any]) -> None:
    for column, value in enumerate(values, 1):
        if value is None:
            continue
        cell = sheet.cell(number, column)
        if isinstance(value, str):
            cell.value = escape(value)
            cell.data_type = "s"  # never a formula, whatever it begins with
            cell.quotePrefix = value.startswith(_RISKY)
            cell.alignment = _WRAP
        else:
            cell.value = value


def _bold(sheet: Any, row: int, columns: int) -> None:
    for column in range(1, columns + 1):
        sheet.cell(row, column).font, sheet.cell(row, column).fill = _BOLD, _FILL


def _shape(sheet: Any) -> None:
    """Headers that stay in sight, widths, and lists to choose from."""
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{max(sheet.max_row, 2)}"
    choices = {key: ",".join(UNITS) for key in ("handle_unit", "verify_unit")}
    choices |= {"default": "yes", "urgent": "yes"}
    for number, column in enumerate(COLUMNS, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        if column.key in choices:
            rule = DataValidation("list", formula1=f'"{choices[column.key]}"', allow_blank=True)
            rule.add(f"{letter}2:{letter}{MOST_ROWS}")
            sheet.add_data_validation(rule)
