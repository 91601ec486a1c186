"""What people see: one console, tables in Chinese and English."""

from collections.abc import Iterable

from rich.console import Console, JustifyMethod
from rich.table import Table

console = Console()
errors = Console(stderr=True)


def say(line: str) -> None:
    """Progress for people, on standard error, so that standard output stays for results."""
    errors.print(line, highlight=False)


def table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> Table:
    """A table; numbers are right-aligned where a column's name ends with ``#``. Nothing is cut."""
    found = Table(title=title, title_justify="left")
    for column in columns:
        side: JustifyMethod = "right" if column.endswith("#") else "left"
        found.add_column(column.rstrip("#"), justify=side, overflow="fold")
    for row in rows:
        found.add_row(*(str(cell) for cell in row))
    return found
