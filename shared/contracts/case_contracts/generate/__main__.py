"""``python -m case_contracts.generate [--check] [--into FOLDER]``."""

import argparse
import sys
from pathlib import Path

from case_contracts.generate.files import NoCheckout, own_folder, stale, write


def main(arguments: list[str] | None = None) -> int:
    """0 when the files are up to date, 1 when --check finds stale ones, 2 when it cannot tell."""
    given = _parser().parse_args(arguments)
    try:
        folder = given.into or own_folder()
    except NoCheckout as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return _check(folder) if given.check else _write(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m case_contracts.generate",
        description="Write schemas/*.json, asyncapi.yaml and errors.md from the models.",
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    parser.add_argument("--into", type=Path, metavar="FOLDER", help="default: shared/contracts")
    return parser


def _check(folder: Path) -> int:
    names = stale(folder)
    for name in names:
        sys.stderr.write(f"{folder / name} is stale: run python -m case_contracts.generate\n")
    return 1 if names else 0


def _write(folder: Path) -> int:
    for name in write(folder):
        sys.stdout.write(f"{folder / name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
