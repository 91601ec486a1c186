"""Walking the state machine of a case for longer: ``make soak`` (SOAK_MINUTES=10, SOAK_SEED=...).

Each round has a fresh seed, which is printed; a failure names its seed, and the shortest walk that
shows it. At the end: how often each step was done, refused, or changed nothing.
"""

import os
import random
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import get_state_machine_test

from dispatch.commands.aggregate import EVERY
from dispatch.domain.step import Who
from tests.unit.dispatch.walk.machine import COUNTS, CaseMachine

ROUND = settings(
    max_examples=100,
    stateful_step_count=60,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
    print_blob=True,
    report_multiple_bugs=False,
)
LARGEST_SEED = 2**32


def walk(number: int) -> None:
    """One round. Raises what the walk found, with the shortest way to it."""
    test = get_state_machine_test(CaseMachine, settings=ROUND)
    seed(number)(test)()


def table(counts: Counter[tuple[str, str]]) -> str:
    """One line a step; of several rows of a command only the first is counted under its name."""
    names = sorted({name for name, _ in counts})
    lines = [f"{'step':24}{'done':>10}{'refused':>10}{'nothing':>10}"]
    lines += [
        f"{name:24}{counts[name, 'done']:10}{counts[name, 'refused']:10}"
        f"{counts[name, 'nothing']:10}"
        for name in names
    ]
    return "\n".join(lines)


def never_done(counts: Counter[tuple[str, str]]) -> list[str]:
    """Steps of people that no walk has taken: what the walk does not test."""
    automatic = {Who.TIMER, Who.INTAKE, Who.REPORTER, Who.OPERATION}
    asked = {step.name for step in EVERY if not step.who <= automatic}
    return sorted(name for name in asked if not counts[name, "done"])


def main() -> int:
    minutes = float(os.environ.get("SOAK_MINUTES", "10"))
    given = os.environ.get("SOAK_SEED") or None  # make passes it on, empty too
    until, rounds = time.monotonic() + 60 * minutes, 0
    while rounds == 0 or (time.monotonic() < until and given is None):
        number = int(given) if given else random.SystemRandom().randrange(LARGEST_SEED)
        sys.stdout.write(f"seed {number}\n")
        sys.stdout.flush()
        try:
            walk(number)
        except BaseException:
            sys.stdout.write(f"FAILED. Again: make soak SOAK_SEED={number}\n")
            raise
        rounds += 1
    sys.stdout.write(f"{table(COUNTS)}\n{rounds} rounds of {ROUND.max_examples} walks, all held\n")
    if missed := never_done(COUNTS):
        sys.stdout.write(f"never done: {', '.join(missed)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
