"""`civicgrid month` as `make month` runs it, with few reports and much happening to each."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.replay, pytest.mark.timeout(900)]

SCENARIO = Path(__file__).with_name("month.yaml")


def test_a_month_in_which_everything_happens_is_whole_and_its_clocks_explain_themselves(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "month"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "civicgrid.main", "month", "--complete"),
            *("--scenario", str(SCENARIO), "--limit", "60", "--factor", "14000"),
            *("--port-base", "0", "--run-dir", str(folder)),
        ],
        env={**os.environ, "COLUMNS": "200", "TERM": "xterm"},
        capture_output=True,
        text=True,
        timeout=840,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "violations 违反: 0" in done.stderr
    cases = done.stdout.split("cases opened 立案")[1].split("│")[1].strip()
    assert f"计时自证: {cases} of {cases} cases" in done.stderr
    assert not folder.exists()
