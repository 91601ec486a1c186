"""Tables are whole on a narrow screen."""

from io import StringIO

from rich.console import Console

from civicgrid.show import table


def test_nothing_is_cut_on_a_narrow_screen() -> None:
    name = "assessment-2"
    console = Console(width=24, file=StringIO(), record=True)
    console.print(table("t", ("process 进程", "state 状态", "n#"), [(name, "not ready", 12)]))
    text = console.export_text()
    assert "…" not in text
    shown = "".join(line.split("│")[1].strip() for line in text.splitlines() if "│" in line)
    assert name in shown
