"""Filling the template in. Nothing is written where something is there already."""

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PATTERN = re.compile(r"[a-z0-9*-]+(/[a-z0-9*-]+){0,2}")
PACKAGE, ENDING = "package", ".tmpl"


class NewDepartmentError(ValueError):
    """The service cannot be written; the text says why and what to do."""


def written(name: str, matters: Sequence[str], parent: Path) -> list[Path]:
    """Write ``parent/name``; the files, in order. Raises NewDepartmentError."""
    if not NAME.fullmatch(name) or len(name) > 60:
        raise NewDepartmentError(
            f"{name!r} is no department's id: small letters, digits and hyphens, such as parks"
        )
    for matter in matters:
        if not PATTERN.fullmatch(matter):
            raise NewDepartmentError(
                f"{matter!r} is no pattern of matters, such as part/lighting/*"
            )
    folder = parent / name
    if folder.exists():
        raise NewDepartmentError(f"{folder} is there already; take another name or --into DIR")
    package = name.replace("-", "_")
    handles = "\n".join(f'@dept.handles("{matter}")' for matter in matters)
    values = {"name": name, "package": package, "handles": handles}
    content = dict(_files(resources.files("civicgrid.new_department") / "template", Path(), values))
    for path, text in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [folder / path for path in content]


def _files(source: Traversable, below: Path, values: Mapping[str, str]) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for each in sorted(source.iterdir(), key=lambda entry: entry.name):
        name = values["package"] if each.name == PACKAGE else each.name.removesuffix(ENDING)
        if each.is_dir():
            found += _files(each, below / name, values)
        elif each.name.endswith(ENDING):
            text = Template(each.read_text(encoding="utf-8")).substitute(values)
            found.append((below / name, text))
    return found
