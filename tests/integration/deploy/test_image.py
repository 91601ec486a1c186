"""service.Dockerfile's steps, run without containers: what ends up in the image, and that it runs.

Its commands are taken from the file; only the folders they name are moved into a temporary one.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.deploy import compose

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

FOLDERS = ("/wheels", "/ours", "/build", "/app")
NOT_FOR_PRODUCTION = {"pytest", "mypy", "ruff", "hypothesis", "pip-tools", "hatchling", "pip"}
OF_THE_SERVICE = 4
"""The number of the step that makes one service's image; those before it are the same for all."""
BUILT = [name for name, each in compose.document()["services"].items() if "SERVICE" in str(each)]


class Build:
    """The Dockerfile's stages in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        lines = (compose.ROOT / "deploy/docker/service.Dockerfile").read_text().splitlines()
        self._runs = [line.removeprefix("RUN ") for line in lines if line.startswith("RUN ")]
        self._copies = [line.split()[1:] for line in lines if re.match(r"COPY (?!--from)", line)]
        handed = [line.split()[2:] for line in lines if line.startswith("COPY --from=assets ")]
        self._handed_on = handed

    def shared_stages(self) -> None:
        """What is the same for every service."""
        for source, target in self._copies:
            inside = Path(self._moved(target))
            inside.parent.mkdir(parents=True, exist_ok=True)
            _copy(compose.ROOT / source, inside)
        for command in self._runs[:OF_THE_SERVICE]:
            self._run(command, {})
            self._assets()

    def image(self, service: str, distribution: str) -> Path:
        """The interpreter of a service's image."""
        app = self.folder / "app"
        shutil.rmtree(app, ignore_errors=True)
        self._run(self._runs[OF_THE_SERVICE], {"SERVICE": service, "DISTRIBUTION": distribution})
        return app / "bin" / "python"

    def _assets(self) -> None:
        """What one stage copies from another, once it is there."""
        for source, target in self._handed_on:
            made = Path(self._moved(source))
            if made.exists():
                shutil.copytree(made, self._moved(target), dirs_exist_ok=True)

    def _run(self, command: str, arguments: dict[str, str]) -> None:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | arguments
        env["PIP_NO_COMPILE"] = "1"  # for speed; the image has all compiled
        done = subprocess.run(
            ["sh", "-ec", self._moved(command)],
            env=env | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    def _moved(self, text: str) -> str:
        return re.sub(rf"(?<![\w.])({'|'.join(FOLDERS)})\b", rf"{self.folder}\1", text)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    made = Build(tmp_path_factory.mktemp("image"))
    made.shared_stages()
    return made


@pytest.mark.parametrize("name", BUILT)
def test_image_has_what_the_service_needs_and_no_more(name: str, build: Build) -> None:
    arguments = compose.document()["services"][name]["build"]["args"]
    service = arguments["SERVICE"]
    distribution = arguments.get("DISTRIBUTION", f"civicgrid-{service}")
    python = build.image(service, distribution)
    package = "civicgrid" if service == "cli" else service
    assert _ask(python, f"import {package}.main; print('imported')") == "imported"
    if service == "console":
        served = "from console.settings import PACKAGE as p; print(*p.glob('vendor/leaflet.js'))"
        assert _ask(python, served)
    listed = "import importlib.metadata as m; print(*(d.name for d in m.distributions()))"
    installed = {each.lower() for each in _ask(python, listed).split()}
    assert distribution in installed
    assert installed & NOT_FOR_PRODUCTION == set()
    services = {f"civicgrid-{each}" for each in os.listdir(compose.ROOT / "services")}
    assert installed & services == {distribution} & services


def _ask(python: Path, code: str) -> str:
    """What a program prints that sees nothing but the image's environment."""
    done = subprocess.run(
        [str(python), "-c", code],
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        shutil.copy(source, target)
    else:
        left_out = shutil.ignore_patterns("__pycache__", "*.egg-info", "node_modules", "vendor")
        shutil.copytree(source, target, ignore=left_out)
