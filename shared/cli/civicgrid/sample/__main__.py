"""``python -m civicgrid.sample OUT [--seed N]``: write the sample district into a folder."""

import argparse
from pathlib import Path

from civicgrid.sample.generate import SEED, generate


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m civicgrid.sample", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write; files of the same names change")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed, another district")
    arguments = parser.parse_args()
    generate(arguments.out, arguments.seed)


if __name__ == "__main__":
    main()
