"""The generated files: what they should hold, what they hold, and writing them."""

import json
from collections.abc import Mapping
from pathlib import Path

from case_contracts.events.upcasters import UPCASTERS
from case_contracts.generate.asyncapi import document
from case_contracts.generate.errors_text import errors_text
from case_contracts.generate.schemas import schemas
from case_contracts.generate.yaml_text import to_yaml

HEADER = "# Written by `python -m case_contracts.generate`; edit the models instead.\n"


class NoCheckout(RuntimeError):
    """The package is installed without its folder in the repository."""


def own_folder() -> Path:
    """``shared/contracts`` of the checkout; raises NoCheckout."""
    folder = Path(__file__).resolve().parents[2]
    if not (folder / "pyproject.toml").is_file():
        raise NoCheckout(f"{folder} is no checkout of civicgrid-contracts: give --into FOLDER")
    return folder


def wanted() -> Mapping[str, str]:
    """File name below the folder to its text."""
    texts = {f"schemas/{name}": _json(schema) for name, schema in schemas().items()}
    return {**texts, "asyncapi.yaml": HEADER + to_yaml(document()), "errors.md": errors_text()}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def retired() -> frozenset[str]:
    """Schemas of older released versions: written once by their own release, kept for ever."""
    return frozenset(f"schemas/{name}.v{since}.json" for name, since in UPCASTERS.steps)


def stale(folder: Path) -> list[str]:
    """Names of files that are missing, differ, or should no longer be there."""
    texts = wanted()
    return sorted(
        [name for name, text in texts.items() if _read(folder / name) != text]
        + [name for name in _present(folder) if name not in texts and name not in retired()]
    )


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


def _present(folder: Path) -> list[str]:
    found = (folder / "schemas").rglob("*.json")
    return [path.relative_to(folder).as_posix() for path in found]


def write(folder: Path) -> list[str]:
    """Bring the folder up to date; returns the names of what was written or removed."""
    texts, changed = wanted(), stale(folder)
    for name in changed:
        _put(folder / name, texts.get(name))
    return changed


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
