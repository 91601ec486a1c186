"""``python -m department_sdk.conformance module:name``."""

import argparse
import asyncio
import logging
import sys

import structlog

from department_sdk.conformance.check import LEASE_SECONDS, WITHIN_SECONDS, check
from department_sdk.conformance.participant import NotADepartment, load, maker, matters_of


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing was found, 1 when something was, 2 for what cannot be tried."""
    asked = _parser().parse_args(arguments)
    level = logging.DEBUG if asked.verbose else logging.CRITICAL
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))
    try:
        subject = load(asked.department)
        make = maker(subject)
    except NotADepartment as error:
        sys.stderr.write(f"{error}\n")
        return 2
    wrong = 0
    for matter in asked.matter or matters_of(subject):
        _say(f"{matter} ...")
        found = asyncio.run(check(make, matter, within=asked.within, lease=asked.lease))
        for each in found:
            _say(f"  {each.fault} ({each.scenario})\n    {each.zh}\n    {each.en}")
        wrong += len(found)
        if not found:
            _say("  ok 合格")
    _say(f"{wrong} found 发现 {wrong} 处问题" if wrong else "conforms 符合要求")
    return 1 if wrong else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m department_sdk.conformance", description=__doc__)
    parser.add_argument("department", metavar="module:name", help="a Department, or f(line)")
    parser.add_argument("--matter", action="append", help="try this one; else each that it handles")
    parser.add_argument(
        "--within",
        type=float,
        default=WITHIN_SECONDS,
        help="seconds that a task may take (%(default)g)",
    )
    parser.add_argument(
        "--lease", type=float, default=LEASE_SECONDS, help="seconds of a lease (%(default)g)"
    )
    parser.add_argument("--verbose", action="store_true", help="show what the department logs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
