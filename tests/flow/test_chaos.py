"""`civicgrid chaos` as `make chaos` runs it: only lapses may differ from the undisturbed run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BUSY = 5
"""On a busy machine a limit can end, or work be done, before somebody who was down has decided."""
pytestmark = [pytest.mark.replay, pytest.mark.timeout(1200)]


def test_with_departments_gateway_and_dispatch_killed_only_lapses_differ(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "civicgrid.main", "chaos", "--limit", "60"),
            *("--may-differ", str(BUSY)),
            *("--port-base", "0", "--run-dir", str(tmp_path / "chaos")),
        ],
        env={**os.environ, "COLUMNS": "200", "TERM": "xterm"},
        capture_output=True,
        text=True,
        timeout=1100,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("replay 回放") == 2
    assert done.stderr.count("violations 违反: 0") == 2
    assert done.stderr.count("not as it has to be 不符: 0") == 2
    found = re.search(r"走向不同的案卷: (\d+) of \d\d", done.stderr)
    assert found is not None
    assert int(found[1]) <= BUSY
    killed = dict(re.findall(r"(department|gateway|dispatch) (\d+)", done.stderr.split("已杀:")[1]))
    assert set(killed) == {"department", "gateway", "dispatch"}
    assert all(int(number) > 0 for number in killed.values())
    undisturbed, disturbed = _row(done.stdout, "tasks lapsed 失约")
    assert disturbed >= undisturbed


def _row(shown: str, label: str) -> tuple[int, int]:
    cells = shown.split(label)[1].split("│")
    return int(cells[1]), int(cells[2])
