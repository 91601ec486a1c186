"""``python -m tests.contract.release``: golden files for what is newly in the catalogue.

Adds files and lines, never changes one. It prints the seal to add to ``SEALS`` in
``test_golden.py`` when this version of the contracts is released.
"""

import sys
from pathlib import Path

from case_contracts import __version__
from case_contracts.catalogue import CATALOGUE
from tests.contract.golden_files import (
    GOLDEN,
    HERE,
    MEANING,
    SUMS,
    documents,
    goldens,
    listed,
    meaning_of,
    meaning_path,
    seal_of,
    sum_line,
    sum_lines,
    text_of,
)


def _add_new_types() -> None:
    for spec in CATALOGUE.values():
        for name, document in documents(spec).items():
            _add(GOLDEN / name, text_of(document))


def _add_meanings() -> None:
    """Also for older types that have just got an upcaster."""
    for golden in goldens():
        _add(meaning_path(golden), text_of(meaning_of(golden)))


def _add(path: Path, text: str) -> None:
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def _add_sums() -> list[str]:
    """Append what is not listed; returns the new lines."""
    known = listed()
    files = sorted([*goldens(), *MEANING.glob("*.json")])
    new = [sum_line(path) for path in files if path.relative_to(HERE).as_posix() not in known]
    with SUMS.open("a", encoding="ascii") as sums:
        sums.writelines(f"{line}\n" for line in new)
    return new


def main() -> None:
    _add_new_types()
    _add_meanings()
    new, lines = _add_sums(), sum_lines()
    sys.stdout.writelines(f"added {line}\n" for line in new)
    sys.stdout.write(f'seal: "{__version__}": ({len(lines)}, "{seal_of(lines)}")\n')


if __name__ == "__main__":
    main()
