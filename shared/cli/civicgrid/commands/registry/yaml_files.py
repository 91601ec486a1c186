"""A YAML file that is sent as JSON."""

from pathlib import Path
from typing import Any

import typer

from civicgrid.district_dir import describe
from civicgrid.show import say
from service_kit.reading import Problems, parse


def read_yaml(file: Path) -> dict[str, Any]:
    """Its keys and values; what is wrong is listed with its line, and ends the command."""
    problems = Problems()
    found = parse(file.read_text(encoding="utf-8-sig"), file.name, problems).value
    if not problems.found and isinstance(found, dict):
        return found
    if not problems.found:
        problems.add("not_a_mapping", file.name, 1, "keys and values are expected",
                     "write 'key: value' lines")  # fmt: skip
    for each in problems.found:
        say(describe(each))
    raise typer.Exit(1)
