"""Progress where there is no terminal: a line now and then, and one at the end."""

from io import StringIO

import pytest
from rich.console import Console

from civicgrid import show
from civicgrid.commands import progress


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What goes to standard error, which is a file."""
    file = StringIO()
    console = Console(file=file, width=100)
    monkeypatch.setattr(show, "errors", console)
    monkeypatch.setattr(progress, "errors", console)
    return file


def test_the_last_count_is_said_however_short_the_work(log: StringIO) -> None:
    with progress.import_progress(20) as tell:
        tell(10, 3)
        tell(20, 17)
    assert log.getvalue().splitlines() == ["imported 导入 20/20   with dispatch 入案 17/20"]


def test_long_work_says_where_it_is(log: StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "LINE_SECONDS", 0)
    with progress.import_progress(20) as tell:
        tell(10, 3)
        assert "imported 导入 10/20" in log.getvalue()
