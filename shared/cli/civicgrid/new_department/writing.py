"""Filling the template in. Nothing is written where something is there already."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
PATTERN = re.compile(r"[a-z0-9*-]+(/[a-z0-9*-]+){0,2}")
QUOTABLE = re.compile(r'[^"\\\n\r]{0,200}')
PACKAGE, ENDING = "package", ".tmpl"


class NewDepartmentError(ValueError):
    """The service cannot be written; the text says why and what to do."""


@dataclass(frozen=True)
class Charter:
    """What is known of its charter entry: the grid whose ground it answers for, its name in both
    languages, and the legal basis; what is empty is filled in by hand."""

    grid: str = ""
    zh: str = ""
    en: str = ""
    basis: str = ""


def written(
    name: str, matters: Sequence[str], parent: Path, charter: Charter = Charter()
) -> list[Path]:
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
    values = {"name": name, "package": package, "handles": handles, **_charter(charter, matters)}
    content = dict(_files(resources.files("civicgrid.new_department") / "template", Path(), values))
    for path, text in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return [folder / path for path in content]


def _charter(charter: Charter, matters: Sequence[str]) -> dict[str, str]:
    for field in fields(charter):
        if not QUOTABLE.fullmatch(getattr(charter, field.name)):
            raise NewDepartmentError(f"{field.name}: no quotes, backslashes or line breaks, please")
    patterns = ", ".join(f'"{matter}"' for matter in matters)
    return {**asdict(charter), "matters": patterns}


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
