"""`civicgrid demo` and `civicgrid real` from start to end, as a newcomer runs them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.data import require_data

pytestmark = [pytest.mark.long, pytest.mark.timeout(1500)]


def civicgrid(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "civicgrid.main", *arguments],
        env={**os.environ, "COLUMNS": "200", **environ},
        capture_output=True,
        text=True,
        timeout=1400,
        check=False,
    )


def test_the_demo_ends_with_every_case_closed_or_waiting_and_nothing_left(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    done = civicgrid(
        "demo", "--once", "--limit", "60", "--port-base", "0", "--run-dir", str(folder)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "reports sent 上报" in done.stdout
    assert "rejected: outside_district" in done.stdout
    assert "from start to the first closed case" in done.stderr
    assert "violations 违反: 0" in done.stderr
    assert not folder.exists()


def test_a_real_city_keeps_the_bounds_of_its_own_answers(tmp_path: Path) -> None:
    data = require_data("boston").parent
    done = civicgrid(
        "real", "--live", "20", "--limit", "600", "--run-dir", str(tmp_path / "real"),
        CIVICGRID_DATA=str(data),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "20 of 20" in done.stdout
    assert re.search(r"rows 行\s*│\s*600 ", done.stdout), done.stdout
