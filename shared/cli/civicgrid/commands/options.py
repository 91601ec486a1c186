"""Options that several commands share."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from civicgrid.addresses import Addresses, find_addresses
from civicgrid.local import LocalError, checkout, local_dir
from civicgrid.system import System

RunDir = Annotated[
    Path | None,
    typer.Option(
        "--run-dir",
        envvar="CIVICGRID_RUN_DIR",
        help="Where the run is kept; default .local/run of the checkout.",
        show_default=False,
    ),
]


def system(run_dir: Path | None) -> System:
    """The run of the folder, by default ``.local/run``."""
    return System(run_dir or local_dir() / "run")


def addresses(run_dir: Path | None) -> Addresses:
    """Where the services are: CIVICGRID_ADDRESSES, else the run's."""
    return find_addresses(system(run_dir).folder)


def sample_dir() -> Path:
    """The district that is shipped."""
    return checkout() / "deploy" / "sample"


def scenario_file(name: str) -> Path:
    """A scenario that is shipped."""
    return checkout() / "deploy" / "scenarios" / name


def default_behaviours() -> str:
    """The sample's departments as they behave; any other does everything at once."""
    deploy = checkout() / "deploy"
    return f"{deploy / 'departments'},{scenario_file('departments-at-once.yaml')}"


def moment(text: str) -> datetime:
    """The time that ``--start`` says; raises LocalError where it is none or has no zone."""
    like = "such as 2026-03-02T08:00:00+08:00"
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise LocalError(f"--start {text}: {error}", like) from None
    if found.tzinfo is None:
        raise LocalError(f"--start {text} has no zone", like)
    return found
