"""What the pages need on this machine: npm's files, and for their tests a browser."""

import os
import shutil
import subprocess

from civicgrid.local.errors import LocalError
from civicgrid.local.install import Say, debian_packages
from civicgrid.local.locks import locked
from civicgrid.local.paths import checkout, local_dir

BROWSER = "/usr/bin/chromium"
_NO_NODE = "install Node 18 or newer with npm (Debian's packages nodejs and npm)"
_NO_BROWSER = "install chromium and a font with Chinese (Debian's chromium and fonts-noto-cjk)"


def page_files(say: Say) -> None:
    """Fetch what ``services/console/package-lock.json`` pins, and put it where console serves it.
    Node comes from the distribution's packages where it is missing (root)."""
    folder = checkout() / "services" / "console"
    with locked(local_dir() / "install.lock"):
        if shutil.which("npm") is None:
            debian_packages(["nodejs", "npm"], "no npm is here", _NO_NODE, say)
        say("Fetching the files that the pages load ...")
        for command in (["npm", "ci", "--no-progress"], ["npm", "run", "--silent", "vendor"]):
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                last = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
                raise LocalError(
                    f"`{' '.join(command)}` failed in {folder}:\n{last}",
                    "make the npm registry reachable, then run make setup",
                )


def browser(say: Say) -> str:
    """Path of Chromium for the tests, installed from Debian's packages where missing (root)."""
    with locked(local_dir() / "install.lock"):
        if not os.access(BROWSER, os.X_OK):
            debian_packages(["chromium", "fonts-noto-cjk"], "no Chromium is here", _NO_BROWSER, say)
    return BROWSER
