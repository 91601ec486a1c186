"""The table of an import of history."""

from collections.abc import Iterator

from rich.table import Table

from civicgrid.replay.history import Imported
from civicgrid.show import table


def render_history(found: Imported) -> Table:
    """Rows, cases, closed, open, overdue, on time, cases a second."""
    return table("import as recorded 按记录导入", ("what 项目", "number 数量#"), _rows(found))


def _rows(found: Imported) -> Iterator[tuple[str, str]]:
    figures = found.figures
    yield "rows 行", str(found.lines.total())
    for reason, number in sorted(found.reasons.items()):
        yield f"  rejected: {reason} 不予立案", str(number)
    yield "  not valid 无效", str(found.lines["invalid"])
    yield "cases 案卷", str(len(found.cases))
    yield "closed 结案", str(figures["closed"])
    yield "open 未结", str(figures["opened"] - figures["closed"])
    yield "overdue 超期", str(figures["overdue"])
    yield "on time 按期", str(figures["on_time"])
    yield "without a limit 无时限", str(figures["without_limit"])
    yield "cases/s 每秒案卷", f"{len(found.cases) / max(found.seconds, 0.001):.0f}"
