"""Cases as tables for spreadsheets: CSV and XLSX, written row by row."""

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook

from dispatch.views.listed import Listed

FORMULA = ("=", "+", "-", "@", "\t", "\r")
ROWS_AT_ONCE = 200
COLUMNS: dict[str, tuple[str, str, Callable[[Listed], Any]]] = {
    "case": ("案卷", "Case", lambda c: c.case),
    "status": ("状态", "Status", lambda c: c.status),
    "matter": ("事项", "Matter", lambda c: c.matter),
    "condition": ("立案条件", "Condition", lambda c: c.condition),
    "grid": ("网格", "Grid", lambda c: c.grid),
    "handler": ("处理方", "Handler", lambda c: c.handler.id if c.handler else None),
    "reported_at": ("上报时间", "Reported", lambda c: c.reported_at),
    "due_at": ("案卷时限", "Due", lambda c: c.due_at),
    "handle_by": ("处理时限", "Handle by", lambda c: c.handle_by),
    "closed_at": ("结案时间", "Closed", lambda c: c.closed_at),
    "on_time": ("按期", "On time", lambda c: c.on_time),
    "late": ("超期", "Late", lambda c: c.late),
    "paused": ("挂账", "Paused", lambda c: c.paused),
    "reopened": ("重开次数", "Reopened", lambda c: c.reopened),
    "escalated_to": ("提级至", "Escalated to", lambda c: c.escalated_to),
}
"""Field, heading in Chinese and English, value."""


def headings(language: str) -> list[str]:
    return [zh if language == "zh" else en for zh, en, _ in COLUMNS.values()]


def values(case: Listed, zone: ZoneInfo) -> list[Any]:
    return [_cell(of(case), zone) for _, _, of in COLUMNS.values()]


def _cell(value: Any, zone: ZoneInfo) -> Any:
    """Times in the district's zone; no text that a spreadsheet would take for a formula."""
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None, microsecond=0)
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


async def as_csv(
    cases: AsyncIterator[Listed], language: str, zone: ZoneInfo
) -> AsyncIterator[bytes]:
    """UTF-8 with the mark by which spreadsheets know it."""
    yield "\ufeff".encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(headings(language))
    count = 0
    async for case in cases:
        writer.writerow(["" if v is None else v for v in values(case, zone)])
        count += 1
        if count % ROWS_AT_ONCE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content


async def as_xlsx(
    cases: AsyncIterator[Listed], language: str, zone: ZoneInfo
) -> AsyncIterator[bytes]:
    """A workbook with one sheet; it is written to disk first, since a workbook is a ZIP file."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("案卷" if language == "zh" else "Cases")
    sheet.append(headings(language))
    async for case in cases:
        sheet.append(values(case, zone))
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while chunk := file.read(64 * 1024):
            yield chunk
