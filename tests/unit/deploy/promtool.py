"""promtool: the one on this machine, else out of Debian's package, which is not installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from civicgrid.local import local_dir
from civicgrid.local.locks import locked


def find_promtool() -> str:
    """Path of promtool; skips the test, saying so, where it cannot be had."""
    found = shutil.which("promtool")
    if found:
        return found
    with locked(local_dir() / "promtool.lock"):
        kept = local_dir() / "promtool" / "usr" / "bin" / "promtool"
        if not kept.exists():
            _unpack(kept.parents[2])
    return str(kept)


def _unpack(folder: Path) -> None:
    if shutil.which("apt-get") is None:
        pytest.skip("SKIPPED FOR LACK OF promtool: install Prometheus")
    if not _downloaded(folder) and not (os.geteuid() == 0 and _updated() and _downloaded(folder)):
        pytest.skip("SKIPPED FOR LACK OF promtool: no package source offers prometheus to download")


def _updated() -> bool:
    command = ["apt-get", "update", "-q", "-o", "Acquire::Retries=0"]
    return subprocess.run(command, capture_output=True, timeout=120, check=False).returncode == 0


def _downloaded(folder: Path) -> bool:
    with tempfile.TemporaryDirectory() as kept:
        Path(kept).chmod(0o755)  # apt downloads as a user of its own
        command = ["apt-get", "download", "-q", "prometheus"]
        got = subprocess.run(command, cwd=kept, capture_output=True, timeout=240, check=False)
        packages = list(Path(kept).glob("*.deb"))
        if got.returncode != 0 or not packages:
            return False
        subprocess.run(["dpkg-deb", "-x", packages[0], folder], check=True, timeout=120)
    return True
