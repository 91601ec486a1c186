"""``civicgrid new-department``: a department's own service to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from civicgrid.new_department import Charter, written
from civicgrid.show import say


def new_department(
    name: Annotated[str, typer.Argument(help="its id in the district, such as parks")],
    matter: Annotated[
        list[str], typer.Option(help="what it handles, such as part/lighting/*; more than once")
    ] = ["part/*"],  # noqa: B006 typer copies it
    into: Annotated[Path, typer.Option(help="the folder to write it into")] = Path(),
    grid: Annotated[str, typer.Option(help="of its charter: the grid it answers for")] = "",
    zh: Annotated[str, typer.Option(help="what it is called in Chinese")] = "",
    en: Annotated[str, typer.Option(help="what it is called in English")] = "",
    basis: Annotated[str, typer.Option(help="of its charter: the legal basis")] = "",
) -> None:
    """Write a ready department service: handlers, test, Dockerfile, charter, README.
    生成部门服务模板。"""
    for path in written(name, matter, into, Charter(grid, zh or name, en or name, basis)):
        say(f"written 已写 {path}")
    say(f"next 下一步: see 见 {into / name / 'README.md'}")
