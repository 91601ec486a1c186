"""From nothing to a handled case: the README's own commands, on a running system with the sample
district. A service from the template, and one that speaks nothing but HTTP, under one charter."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from civicgrid.addresses import addresses_of
from civicgrid.client import Api
from civicgrid.commands.options import default_behaviours, sample_dir
from civicgrid.deployment import Run
from civicgrid.loading import load_district
from civicgrid.local import Broker, checkout
from civicgrid.made_of import departments_of, district_of
from civicgrid.system import System, Wish

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
README = checkout() / "README.md"
SECTION = re.compile(r"\n### From nothing to a handled case.*?(?=\n## )", re.DOTALL)
BLOCK = re.compile(r"```sh\n(.*?)```", re.DOTALL)
STARTS = 3
"""Which of the five starts the service."""


def commands() -> tuple[list[str], str]:
    """The five of the README, and the fourth of a department that only pulls."""
    section = SECTION.search(README.read_text(encoding="utf-8"))
    assert section is not None
    five, pulls = (block.strip() for block in BLOCK.findall(section[0]))
    return five.splitlines(), pulls


@pytest.fixture(scope="module")
def run(system: System) -> Run:
    """A system in which the sample district is loaded."""
    directory = sample_dir()
    wish = Wish(
        district_of(directory),
        departments_of(directory),
        default_behaviours(),
        clock=None,
        replicas=1,
        port_base=None,
    )
    started = system.start(wish, lambda _: None)
    asyncio.run(_load(started, directory))
    return started


async def _load(run: Run, directory: Path) -> None:
    async with Api(addresses_of(run)) as api:
        await load_district(api, directory)


@pytest.fixture
def environment(run: Run, system: System, broker: Broker) -> dict[str, str]:
    """Of a shell in which somebody types."""
    return os.environ | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "CIVICGRID_RUN_DIR": str(system.folder),
        "CIVICGRID_HOME": str(checkout()),
        "AMQP_URL": broker.amqp_url(),
        "COLUMNS": "200",
    }


def type_in(lines: list[str], folder: Path, environment: dict[str, str]) -> str:
    """What one shell prints that runs the lines; whatever they start is ended."""
    shell = subprocess.Popen(
        ["bash", "-e", "-c", "\n".join(lines)],
        cwd=folder, env=environment, start_new_session=True, text=True,
        stdout=(folder / "said").open("w"),
    )  # fmt: skip
    try:
        assert shell.wait(300) == 0
    finally:
        with contextlib.suppress(ProcessLookupError):  # nothing of it runs any more
            os.killpg(shell.pid, signal.SIGKILL)
    return (folder / "said").read_text()


@pytest.mark.parametrize("pulls_over_http", [False, True], ids=["template", "http-only"])
def test_five_commands_from_new_department_to_a_closed_case(
    tmp_path: Path, environment: dict[str, str], pulls_over_http: bool
) -> None:
    five, pulls = commands()
    assert len(five) == 5
    assert five[STARTS].endswith("&")
    if pulls_over_http:
        five[STARTS] = pulls
    said = type_in(five, tmp_path, environment)
    assert "closed" in said
    assert "department:fire-safety" in said or "fire-safety" in said
