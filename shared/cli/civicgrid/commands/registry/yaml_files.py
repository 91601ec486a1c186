"""A YAML file that is sent as JSON."""

from pathlib import Path
from typing import Any

import typer

from civicgrid.district_dir import describe
from civicgrid.show import say
from service_kit.reading import Document, Problems, parse

MOST_LINES = 1000


def read_yaml(file: Path) -> dict[str, Any]:
    """Its keys and values; what is wrong is listed with its line, and ends the command."""
    found: dict[str, Any] = _read(file).value
    return found


def read_placed(file: Path) -> dict[str, Any]:
    """As ``read_yaml``, with the ``origin`` of its parts, so that a refusal names their lines."""
    document = _read(file)
    origin = document.origin()
    parts = dict(list(origin.parts.items())[:MOST_LINES])
    return {**document.value, "origin": origin.model_copy(update={"parts": parts}).model_dump()}


def _read(file: Path) -> Document:
    problems = Problems()
    document = parse(file.read_text(encoding="utf-8-sig"), file.name, problems)
    if not problems.found and isinstance(document.value, dict):
        return document
    if not problems.found:
        problems.add("not_a_mapping", file.name, 1, "keys and values are expected",
                     "write 'key: value' lines")  # fmt: skip
    for each in problems.found:
        say(describe(each))
    raise typer.Exit(1)
