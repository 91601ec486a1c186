"""``civicgrid registry commitments ...``: what departments promise for a year (服务承诺)."""

from pathlib import Path
from typing import Annotated

import typer

from civicgrid.commands.options import RunDir
from civicgrid.commands.registry.asking import DryRun, ask, change
from civicgrid.commands.registry.yaml_files import read_yaml
from civicgrid.show import console, table

commitments = typer.Typer(
    name="commitments",
    help="What departments promise for a year: set, list. 服务承诺。",
    no_args_is_help=True,
)


@commitments.command("set")
def set_promises(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="YAML: department, year, promises"),
    ],
    run_dir: RunDir = None,
    dry_run: DryRun = False,
) -> None:
    """Record a department's promises of a year, in indicators that assessment measures."""
    change(run_dir, "/commitments", read_yaml(file), dry_run=dry_run)


@commitments.command("list")
def listed(
    department: Annotated[str | None, typer.Option(help="Of this department only.")] = None,
    year: Annotated[int | None, typer.Option(help="Of this year only.")] = None,
    run_dir: RunDir = None,
) -> None:
    """What departments promise, for everybody."""
    found = ask(run_dir, "/commitments", department=department, year=year)
    rows = [
        (each["year"], each["department"], promise["words"]["zh"], promise["words"]["en"])
        for each in found
        for promise in each["promises"]
    ]
    columns = ("year 年度#", "department 部门", "承诺", "promise")
    console.print(table("commitments 服务承诺", columns, rows))
