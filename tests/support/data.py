"""Finds the public data sets that tests try things on; they are never in the repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def find_data() -> Path | None:
    """The folder with the data sets: `CIVICGRID_DATA`, else `../shared/data` beside the checkout.

    A folder that `CIVICGRID_DATA` names must exist: a wrong setting is an error, not a skip.
    """
    named = os.environ.get("CIVICGRID_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if named and not folder.is_dir():
        raise FileNotFoundError(f"CIVICGRID_DATA={named} is not a folder")
    return folder if folder.is_dir() else None


def require_data(*parts: str) -> Path:
    """Path of a data set, e.g. `require_data("boston")`; skips the test where there is none."""
    folder = find_data()
    if folder is None:
        pytest.skip(
            "SKIPPED FOR LACK OF DATA: set CIVICGRID_DATA or put the data sets into"
            " ../shared/data beside the checkout"
        )
    path = folder.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"{folder} is there, but {'/'.join(parts)} is missing in it")
    return path
