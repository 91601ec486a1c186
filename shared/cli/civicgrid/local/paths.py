"""Where the checkout is, and where the local runner keeps what it makes."""

import os
from pathlib import Path

from civicgrid.local.errors import LocalError


def checkout() -> Path:
    """Root folder of the checkout: `CIVICGRID_HOME`, else found from this file.

    Raises LocalError when civicgrid is installed without a checkout.
    """
    named = os.environ.get("CIVICGRID_HOME")
    root = Path(named) if named else Path(__file__).resolve().parents[4]
    if not (root / "requirements-secantus.txt").is_file():
        raise LocalError(
            f"{root} is not a checkout of civicgrid (requirements-secantus.txt is missing)",
            "set CIVICGRID_HOME to the checkout's root folder",
        )
    return root


def local_dir() -> Path:
    """`.local/` of the checkout, made when missing: programs, data, logs and pid files."""
    folder = checkout() / ".local"
    folder.mkdir(exist_ok=True)
    return folder
