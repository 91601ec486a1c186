"""A month of 100,000 cases: how long its scores take."""

import random
import resource
import time
import uuid
from collections.abc import Iterator

import pytest

from assessment.domain.rows import Kind, Row
from assessment.domain.scores import scores
from assessment.handlers.facts import stored
from assessment.reading import formula, ledgers_of, period_of
from assessment.views.blocks import BLOCKS, FACTS, LOG, SIZE, pack
from tests.integration.assessment.test_assessment import MONTH, assessment
from tests.support.twin import Twin

CASES = 100_000
TARGET_SECONDS = 10.0
DAYS = 31

__all__ = ["assessment"]


def _case(number: int, start: float, chance: random.Random) -> Iterator[Row]:
    """One case with a limit of two days: most done in time, some late, a few open."""
    case, task = f"case:{uuid.uuid4()}", f"task:{uuid.uuid4()}"
    at = start + number * DAYS * 86_400 / CASES - 2 * 86_400
    due = at + 2 * 86_400
    handler = f"department:d{chance.randrange(20)}"
    street, unit = chance.randrange(12), chance.randrange(1200)
    path = f"410199 410199{street:03} 410199{street:03}{unit:06}"

    def row(kind: str, sequence: int, when: float, **rest: object) -> Row:
        return Row(str(uuid.uuid4()), kind, sequence, case, when, **rest)  # type: ignore[arg-type]

    of_task = {"task": task, "assignment": 1, "handler": handler}
    done = at + chance.random() * 2.2 * 86_400
    yield row(Kind.OPENED, 1, at, path=path)
    yield row(Kind.CLOCK, 2, at, due=due, code="case")
    yield row(Kind.ASSIGNED, 3, at, due=due, **of_task)
    yield row(Kind.CLOCK, 4, at, due=due, code="handle")
    if number % 20:
        yield row(Kind.COMPLETED, 5, done, **of_task)
        yield row(Kind.CLOCK, 6, done, code="verify")
        yield row(Kind.PASSED, 7, done + 3600, task=task, handler=handler)
        yield row(Kind.CLOSED, 8, done + 3600, due=due)


async def _fill(twin: Twin, start: float) -> int:
    """What a running service has: full blocks, and the newest facts loose."""
    chance = random.Random(7)
    database, rows, number = twin.runtime.database, list[Row](), 0
    for case in range(CASES):
        rows += _case(case, start, chance)
        if len(rows) >= 2 * SIZE - 1:
            block, rows = rows[:SIZE], rows[SIZE:]
            await database[BLOCKS].insert_one(pack(number, block))
            number += 1
    loose = [
        {"_id": r.event, "seat": f"{LOG}:{n}", "log": LOG, "number": n, **stored(r)}
        for n, r in enumerate(rows, number * SIZE + 1)
    ]
    await database[FACTS].insert_many(loose)
    return number * SIZE + len(loose)


@pytest.mark.bench
@pytest.mark.timeout(300)
async def test_scores_of_a_month_of_100000_cases(assessment: Twin) -> None:
    runtime = assessment.runtime
    period = await period_of(runtime, MONTH)
    facts = await _fill(assessment, period.start)

    started, computing = time.perf_counter(), time.process_time()
    ledger = await ledgers_of(runtime).since(period.start)
    read = time.perf_counter() - started
    departments = scores(ledger, formula(), period, "department")
    took, computing = time.perf_counter() - started, time.process_time() - computing
    grids = scores(ledger, formula(), period, "grid")
    both = time.perf_counter() - started

    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(  # noqa: T201
        f"\n{CASES:,} cases, {facts:,} facts: {took:.2f} s (reading and folding {read:.2f} s;"
        f" {computing:.2f} s of processor), with the grids {both:.2f} s;"
        f" {len(departments)} departments, {len(grids)} grids, {megabytes:.0f} MiB at most"
    )
    assert sum(f.denominator for each in departments.values() for f in each[:1]) == CASES
    assert took <= TARGET_SECONDS
