"""What the commits need of a server: batches are whole, keys are unique, lookups exact.

Each need as a function that returns what it saw, or raises CheckFailed.
"""

import asyncio
from collections.abc import Sequence

from service_kit.mongo import Database, Document
from service_kit.store.commits import Commits
from service_kit.store.server_checks import RACERS, ROUNDS, expect

LARGE = 7 * 1024 * 1024


async def once_per_cause_under_races(database: Database) -> str:
    """Of many that insert the same (handler, cause) at once, exactly one succeeds."""
    commits = await _commits(database)
    for cause in range(ROUNDS):
        rows = [_row(f"race:{cause}-{i}", 1, cause=f"race-{cause}") for i in range(RACERS)]
        won = sum(await asyncio.gather(*(commits.insert([row]) for row in rows)))
        expect(won == 1, f"{won} inserts of one cause succeeded")
    return f"{ROUNDS} races of {RACERS}"


async def one_version_under_races(database: Database) -> str:
    """Of many that insert the same version of one thing at once, exactly one succeeds."""
    commits = await _commits(database)
    for version in range(1, ROUNDS + 1):
        rows = [_row("lock:1", version, cause=f"lock-{version}-{i}") for i in range(RACERS)]
        won = sum(await asyncio.gather(*(commits.insert([row]) for row in rows)))
        expect(won == 1, f"{won} inserts of one version succeeded")
    return f"{ROUNDS} races of {RACERS}"


async def batches_race_whole(database: Database) -> str:
    """Overlapping batches: each is stored whole or not at all, as it is told, each key once."""
    commits = await _commits(database)
    batches = [
        _batch(f"whole-{b}", [f"w{b}-{i}" for i in range(47)] + [f"w-{b // 2}"])
        for b in range(RACERS)
    ]
    told = await asyncio.gather(*(commits.insert(batch) for batch in batches))
    ids = [{row["_id"] for row in batch[:-1]} for batch in batches]
    stored = [set(await commits.documents(each)) for each in ids]
    right = [each if won else set() for each, won in zip(ids, told, strict=True)]
    expect(stored == right, "what is stored is not what was told, whole or not at all")
    expect(sum(told) == RACERS // 2, f"{sum(told)} of {RACERS // 2} pairs have a winner")
    rest = [batch[:-1] for batch, won in zip(batches, told, strict=True) if not won]
    again = await asyncio.gather(*(commits.insert(batch) for batch in rest))
    expect(all(again), "a refused batch has left a key behind")
    return f"{sum(told)} of {RACERS} stored"


async def a_refused_batch_stores_nothing(database: Database) -> str:
    """Whichever of its keys is taken; without what is taken it goes in under the same number."""
    commits = await _commits(database)
    await commits.insert([_row("taken:1", 1, cause="taken-1")])
    free = [_row(f"free:{i}", 1, cause=f"free-{i}", writer="w-refused") for i in range(64)]
    taken = (
        _row("taken:1", 1, cause="taken-2", writer="w-refused"),
        _row("taken:2", 1, cause="taken-1", writer="w-refused"),
    )
    for row in taken:
        for place in (0, 32, 64):
            stored = await commits.insert([*free[:place], row, *free[place:]])
            expect(not stored, f"a batch with {row['_id']} at {place} was stored")
    there = await commits.documents(row["_id"] for row in free)
    expect(not there, f"{len(there)} commits of refused batches are there")
    expect(not await commits.has("w-refused", 1), "a refused batch is there")
    expect(await commits.insert(free), "a refused batch has left a key behind")
    return "6 refused"


async def a_repeated_batch_is_refused(database: Database) -> str:
    """After an unknown outcome the same document is inserted again: it is refused, and there."""
    commits = await _commits(database)
    batch = _batch("w-again", [f"again-{i}" for i in range(64)])
    expect(await commits.insert(batch), "a fresh batch was refused")
    expect(not await commits.insert(batch), "it was stored twice")
    expect(await commits.has("w-again", 1), "it is not there")
    found = len(await commits.of_writer("w-again", 1, 1))
    expect(found == 64, f"{found} of its 64 commits are there")
    return "64 refused"


async def lookups_are_exact(database: Database) -> str:
    """By id and by cause: each of what is there, once, whichever batches they lie in, and
    nothing else."""
    commits = await _commits(database)
    for batch in range(1, 6):
        causes = [f"look-{batch}-{i}" for i in range(60)]
        await commits.insert(_batch("w-look", causes, batch))
    for wanted in ([f"look-{b}-{i}" for b in (2, 4, 9) for i in range(50)], ["look-3-1"], ["no"]):
        right = {cause for cause in wanted if cause.startswith(("look-2", "look-3", "look-4"))}
        by_cause = await commits.by_causes(("check", cause) for cause in wanted)
        expect({c.cause_id for c in by_cause.values()} == right, "by cause another answer")
        expect(await commits.handled("check", wanted) == right, "of causes another answer")
        by_id = await commits.by_ids(f"{cause}:1" for cause in wanted)
        expect({c.cause_id for c in by_id.values()} == right, "by id another answer")
    expect(not await commits.handled("other", ["look-2-1"]), "another handler's commit")
    return "100 of 300"


async def some_are_filed_by_id_alone(database: Database) -> str:
    """A batch may hold commits without a cause among its keys, as many as it likes; those that have
    one are as unique as ever, and so are the ids."""
    commits = await _commits(database)
    for number in (1, 2):
        causes = [f"alone-{number}-{i}" for i in range(60)]
        by_id = {f"{cause}:1" for cause in causes[:40]}
        batch = _batch("w-alone", causes, number)
        expect(await commits.insert(batch, None, by_id), "what has no cause was refused for it")
        found = await commits.handled("check", causes)
        expect(found == set(causes[40:]), f"{len(found)} of 20 causes are found")
        there = await commits.documents(f"{cause}:1" for cause in causes)
        expect(len(there) == 60, f"{len(there)} of 60 ids are found")
    for taken in ("alone-1-50", "alone-2-59"):
        row = _row("alone:1", 1, cause=taken, writer="w-alone", batch=3)
        expect(not await commits.insert([*_batch("w-alone", ["alone-3"], 3), row]), "a second")
    for taken in ("alone-1-1", "alone-2-59"):
        row = _row(taken, 1, cause="another", writer="w-alone", batch=3)
        stored = await commits.insert([row], None, {row["_id"]})
        expect(not stored, "a second commit with an id that is taken")
    return "80 of 120"


async def large_batches_are_read_together(database: Database) -> str:
    """Commits that come to more than one reply of the server."""
    commits = await _commits(database)
    for batch in range(1, 6):
        row = _row(f"large:{batch}", 1, cause=f"large-{batch}", writer="w-large", batch=batch)
        await commits.insert([row | {"correlation": "x" * LARGE}])
    found = await commits.of_writer("w-large", 1, 5)
    expect([len(c.correlation) for c in found] == [LARGE] * 5, f"{len(found)} of 5 came back")
    return f"5 of {LARGE // 2**20} MiB"


async def ranges_are_exact(database: Database) -> str:
    """A writer's batches, both ends included, in their order, and no other writer's."""
    commits = await _commits(database)
    for writer in ("range-1", "range-11"):
        for number in range(1, 41):
            await commits.insert(_batch(writer, [f"{writer}-{number}-{i}" for i in "ab"], number))
    for first, last, right in ((5, 20, range(5, 21)), (30, 10**9, range(30, 41))):
        found = await commits.of_writer("range-1", first, last)
        batches = [commit.batch for commit in found]
        expect(batches == [n for n in right for _ in "ab"], f"batches {batches}")
        expect({commit.writer for commit in found} == {"range-1"}, "another writer's commits")
    return "54 of 160"


async def _commits(database: Database) -> Commits:
    commits = Commits(database)
    await commits.create_indexes()
    return commits


def _batch(writer: str, causes: Sequence[str], number: int = 1) -> list[Document]:
    return [_row(cause, 1, cause=cause, writer=writer, batch=number) for cause in causes]


def _row(aggregate: str, version: int, *, cause: str, writer: str = "", batch: int = 1) -> Document:
    """A commit; without another word of a writer of its own."""
    return {
        "_id": f"{aggregate}:{version}", "aggregate": aggregate, "version": version,
        "events": [], "handler": "check", "cause_id": cause, "correlation": cause,
        "actor": {"id": "service:check"}, "at": "2026-01-05T00:00:00+00:00", "schema": 1,
        "writer": writer or f"{aggregate}|{cause}", "batch": batch, "prev_hash": "", "hash": "",
    }  # fmt: skip
