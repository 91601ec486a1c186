"""What CI has no time for on a slow machine is not begun, and said to be so."""

import subprocess
import sys
import time
from pathlib import Path

CONFTEST = "from tests.support.begin_until import *"
TESTS = """
import pytest

@pytest.fixture
def made():
    raise AssertionError("a fixture was made for it")

def test_one(): pass
def test_two(made): pass
"""


def _run(folder: Path, *options: str) -> str:
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "pytest.ini").write_text("[pytest]\n")
    for name in "abcdefgh":
        (folder / f"test_{name}.py").write_text(TESTS)
    command = [sys.executable, "-m", "pytest", "-v", "-ra", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    return done.stdout


def _order(said: str) -> list[str]:
    files = [line.split("::")[0] for line in said.splitlines() if "::test_one" in line]
    return [Path(each).name for each in files if each.endswith(".py")]


def test_what_is_not_begun_in_time_is_skipped_without_its_fixtures(tmp_path: Path) -> None:
    said = _run(tmp_path, "--begin-until", str(time.time() - 1))

    assert "16 skipped" in said
    assert "NOT BEGUN" in said


def test_before_it_is_over_all_are_begun_in_an_order_of_its_own(tmp_path: Path) -> None:
    soon = time.time() + 1000
    began = [soon, soon, soon + 1, soon + 2]

    said = [_run(tmp_path, "--begin-until", repr(each)) for each in began]

    assert all("8 passed, 8 errors" in each for each in said)
    orders = [tuple(dict.fromkeys(_order(each))) for each in said]
    assert orders[0] == orders[1]
    assert len(set(orders)) > 1


def test_without_it_nothing_is_different(tmp_path: Path) -> None:
    said = _run(tmp_path)

    assert "8 passed, 8 errors" in said
    assert list(dict.fromkeys(_order(said))) == [f"test_{name}.py" for name in "abcdefgh"]
